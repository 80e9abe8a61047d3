public import TokyoDataCore

/// What a version's folder says of itself: its rows, its files and their columns.
///
/// It is written last, so where it is, the version is whole.
///
/// `Codable` with a format number: unknown fields are ignored, a higher format is refused.
public struct Manifest: Hashable, Sendable {
  /// The newest form that this code writes and reads.
  public static let currentFormat = 1

  /// The dataset.
  public var dataset: DatasetName
  /// The version.
  public var version: VersionID
  /// The version's day; for an undated dataset the day under which the ledger knows it.
  public var day: Day
  /// The dataset's columns as the files hold them, without the microsecond twin.
  public var schema: ColumnSchema
  /// The fingerprint of these columns.
  public var schemaFingerprint: String
  /// The column that follows them in the files: the time column in microseconds; nil where there is none.
  public var microsecondTwin: String?
  /// The number and hash of the rows.
  public var rowHash: RowHash
  /// The files, in the order of their rows.
  public var files: [File]
  /// What the files hold of each of their columns, the twin included.
  public var columns: [String: ColumnSummary]
  /// The run that wrote the version; nil where there was none.
  public var run: RunID?
  /// The snapshot in which the rows were read.
  public var snapshot: String
  /// The instant of that snapshot, by the hot store's clock.
  public var exportedAt: Timestamp

  /// One file of a version.
  public struct File: Hashable, Sendable, Codable {
    /// Its name in the version's folder.
    public var name: String
    /// Its size in bytes.
    public var bytes: Int
    /// Its rows.
    public var rows: Int
    /// The XXH64 of its bytes under the seed 0, as `xxh64:` and 16 hexadecimal digits.
    public var checksum: String

    /// Makes the entry of a file.
    public init(name: String, bytes: Int, rows: Int, checksum: String) {
      self.name = name
      self.bytes = bytes
      self.rows = rows
      self.checksum = checksum
    }
  }

  /// The columns of the files: the dataset's, then the twin.
  public var fileSchema: ColumnSchema {
    get throws {
      let twin = microsecondTwin.map { [ColumnField($0, .int64, isNullable: false)] } ?? []
      return try ColumnSchema(schema.fields + twin)
    }
  }

  /// The bytes of all files.
  public var bytes: Int { files.reduce(0) { $0 + $1.bytes } }

  /// What planning needs to know, for the ledger.
  public var summary: VersionSummary { VersionSummary(columns: columns) }

  /// A version's record, completed with what was written.
  public func completing(_ record: VersionRecord) -> VersionRecord {
    var completed = record
    completed.bytes = bytes
    completed.rowHash = rowHash
    completed.schemaFingerprint = schemaFingerprint
    completed.snapshot = snapshot
    completed.exportedAt = exportedAt
    completed.summary = summary
    return completed
  }
}

extension Manifest: Codable {
  private enum Key: String, CodingKey {
    case format, dataset, version, day, schema, schemaFingerprint, microsecondTwin, rowHash, rows, bytes
    case files, columns, run, snapshot, exportedAt
  }

  /// Reads a manifest; unknown fields are ignored, a higher format is refused.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let format = try container.decode(Int.self, forKey: .format)
    guard format <= Self.currentFormat else {
      throw TokyoDataError(
        .unsupported, "the manifest has format \(format); this code reads \(Self.currentFormat)")
    }
    dataset = try container.decode(DatasetName.self, forKey: .dataset)
    version = try container.decode(VersionID.self, forKey: .version)
    day = try container.decode(Day.self, forKey: .day)
    schema = try container.decode(ColumnSchema.self, forKey: .schema)
    schemaFingerprint = try container.decode(String.self, forKey: .schemaFingerprint)
    microsecondTwin = try container.decodeIfPresent(String.self, forKey: .microsecondTwin)
    rowHash = try container.decode(RowHash.self, forKey: .rowHash)
    files = try container.decode([File].self, forKey: .files)
    columns = try container.decode([String: ColumnSummary].self, forKey: .columns)
    run = try container.decodeIfPresent(Int64.self, forKey: .run).map(RunID.init(number:))
    snapshot = try container.decode(String.self, forKey: .snapshot)
    exportedAt = try container.decode(Timestamp.self, forKey: .exportedAt)
  }

  /// Writes the newest format.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(Self.currentFormat, forKey: .format)
    try container.encode(dataset, forKey: .dataset)
    try container.encode(version, forKey: .version)
    try container.encode(day, forKey: .day)
    try container.encode(schema, forKey: .schema)
    try container.encode(schemaFingerprint, forKey: .schemaFingerprint)
    try container.encodeIfPresent(microsecondTwin, forKey: .microsecondTwin)
    try container.encode(rowHash, forKey: .rowHash)
    // Totals for readers that want no sums; the files and the hash are what counts.
    try container.encode(rowHash.rowCount, forKey: .rows)
    try container.encode(bytes, forKey: .bytes)
    try container.encode(files, forKey: .files)
    try container.encode(columns, forKey: .columns)
    try container.encodeIfPresent(run?.number, forKey: .run)
    try container.encode(snapshot, forKey: .snapshot)
    try container.encode(exportedAt, forKey: .exportedAt)
  }
}

/// What the ledger knows of one version: an immutable set of files of one day.
public struct VersionRecord: Hashable, Sendable, Codable {
  /// How far a version has come.
  @nonexhaustive
  public enum State: String, Hashable, Sendable, Codable {
    /// Recorded, perhaps written and checked, not published.
    case ready
    /// The one that readers use.
    case current
    /// Replaced by another.
    case unused
    /// Given up for good; its files may be gone.
    case condemned
  }

  /// The version.
  public var id: VersionID
  /// Its day.
  public var day: Day
  /// How far it has come.
  public var state: State
  /// Its folder, relative to the lake.
  public var location: String
  /// The files' bytes in all.
  public var bytes: Int
  /// The number and hash of its rows.
  public var rowHash: RowHash
  /// The schema that its files have.
  public var schemaFingerprint: String
  /// The snapshot in which its rows were read.
  public var snapshot: String
  /// The instant of that snapshot, by the hot store's clock.
  public var exportedAt: Timestamp
  /// When it was last verified; nil before.
  public var verifiedAt: Timestamp?
  /// When another version replaced it; nil before.
  public var unusedSince: Timestamp?
  /// When its files were deleted; nil before.
  public var collectedAt: Timestamp?
  /// What planning needs to know of its columns.
  public var summary: VersionSummary

  /// Makes the record of a version of which no byte is written yet.
  public init(
    id: VersionID, day: Day, location: String, schemaFingerprint: String, snapshot: String,
    exportedAt: Timestamp
  ) {
    self.id = id
    self.day = day
    state = .ready
    self.location = location
    bytes = 0
    rowHash = RowHash()
    self.schemaFingerprint = schemaFingerprint
    self.snapshot = snapshot
    self.exportedAt = exportedAt
    summary = VersionSummary(columns: [:])
  }
}

/// What planning needs to know of a version, so that it asks the ledger only.
public struct VersionSummary: Hashable, Sendable, Codable {
  /// The columns by name, without partition columns.
  public var columns: [String: ColumnSummary]

  /// Makes a summary.
  public init(columns: [String: ColumnSummary]) {
    self.columns = columns
  }
}

/// Null count, bounds and encoded size of one column of a version.
public struct ColumnSummary: Hashable, Sendable, Codable {
  /// What the values are.
  public var type: ColumnType
  /// How many values are null.
  public var nullCount: Int
  /// The least value, exactly; nil where unknown or where no value is.
  public var minimum: ColumnValue?
  /// The greatest value, exactly; nil where unknown or where no value is.
  public var maximum: ColumnValue?
  /// The bytes that the column takes in the files.
  public var encodedBytes: Int

  /// Makes the summary of a column.
  public init(
    type: ColumnType, nullCount: Int, minimum: ColumnValue?, maximum: ColumnValue?, encodedBytes: Int
  ) {
    self.type = type
    self.nullCount = nullCount
    self.minimum = minimum
    self.maximum = maximum
    self.encodedBytes = encodedBytes
  }
}

extension ColumnSummary {
  private enum Key: String, CodingKey { case type, nullCount, minimum, maximum, encodedBytes }

  /// Reads the value from its coded form.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let type = try container.decode(ColumnType.self, forKey: .type)
    self.type = type
    nullCount = try container.decode(Int.self, forKey: .nullCount)
    minimum = try container.decodeIfPresent(String.self, forKey: .minimum).map { try type.value(from: $0) }
    maximum = try container.decodeIfPresent(String.self, forKey: .maximum).map { try type.value(from: $0) }
    encodedBytes = try container.decode(Int.self, forKey: .encodedBytes)
  }

  /// Writes the value in its coded form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(type, forKey: .type)
    try container.encode(nullCount, forKey: .nullCount)
    try container.encodeIfPresent(minimum?.text, forKey: .minimum)
    try container.encodeIfPresent(maximum?.text, forKey: .maximum)
    try container.encode(encodedBytes, forKey: .encodedBytes)
  }
}

public import TokyoDataCore

/// Where things lie in a lake.
///
/// ```
/// <prefix>/<dataset>/year=YYYY/month=MM/day=DD/lake_version=<id>/part-00000.snappy.parquet
///                                              lake_version=<id>/_manifest.json
/// <prefix>/<dataset>/_catalog.json
/// ```
///
/// Undated datasets have no folders for year, month and day. A *location* is a version's folder without the
/// lake's prefix.
public struct LakeLayout: Hashable, Sendable {
  /// The last partition column of every dataset.
  public static let versionColumn = "lake_version"
  /// The manifest's name in a version's folder.
  public static let manifestName = "_manifest.json"
  /// The name of what a local catalog writes into a dataset's folder.
  public static let catalogName = "_catalog.json"

  /// The folder of the lake in its object store; empty for the store's root.
  public let prefix: String

  /// Makes the layout of a lake below a prefix.
  ///
  /// - Throws: `TokyoDataError.invalidArgument` for a prefix that is no key; slashes at its ends are ignored.
  public init(prefix: String = "") throws(TokyoDataError) {
    let trimmed = prefix.split(separator: "/").joined(separator: "/")
    if !trimmed.isEmpty { _ = try ObjectKey(trimmed) }
    self.prefix = trimmed
  }

  /// The partition columns of a version with its values, from the outermost folder inwards.
  public static func partitionValues(
    of version: VersionID, day: Day, in dataset: Dataset
  ) -> [(column: String, value: String)] {
    var values: [(column: String, value: String)] = []
    if dataset.isDated {
      let (year, month, dayOfMonth) = day.civil
      let columns = dataset.policy.partitionColumns
      values.append((columns.year, padded(year, 4)))
      values.append((columns.month, padded(month, 2)))
      values.append((columns.day, padded(dayOfMonth, 2)))
    }
    values.append((versionColumn, version.description))
    return values
  }

  /// The folder of a version, relative to the lake.
  public func location(of version: VersionID, day: Day, in dataset: Dataset) -> String {
    let folders = Self.partitionValues(of: version, day: day, in: dataset)
      .map { "\($0.column)=\($0.value)" }
    return ([dataset.name.description] + folders).joined(separator: "/")
  }

  /// The name of a version's file number `index`, from 0.
  public static func fileName(_ index: Int) -> String { "part-\(padded(index, 5)).snappy.parquet" }

  /// The key of an object in a version's folder.
  ///
  /// - Throws: `TokyoDataError.invalidArgument` for a location or name that makes no key.
  public func key(_ name: String, in location: String) throws(TokyoDataError) -> ObjectKey {
    try ObjectKey(rooted(location) + "/" + name)
  }

  /// The key prefix of everything in a version's folder.
  ///
  /// - Throws: `TokyoDataError.invalidArgument` for a location that makes no key.
  public func folder(_ location: String) throws(TokyoDataError) -> String {
    try ObjectKey(rooted(location)).path + "/"
  }

  /// The key prefix of everything that belongs to a dataset.
  public func folder(of dataset: DatasetName) -> String { rooted(dataset.description) + "/" }

  private func rooted(_ path: String) -> String { prefix.isEmpty ? path : prefix + "/" + path }

  private static func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

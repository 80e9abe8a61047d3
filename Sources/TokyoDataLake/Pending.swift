public import TokyoDataCore

public struct VersionChecker: Sendable {
  public init(_ lake: Lake, _ dataset: Dataset) {}
  /// Every difference between a version's record, manifest and files.
  public func findings(of record: VersionRecord) async throws -> [VersionFinding] { [] }
  /// Throws `verificationFailed` that names the first difference.
  public func check(_ record: VersionRecord) async throws {}
  /// check, and the catalog has the version's partition as the record says.
  public func verify(_ record: VersionRecord) async throws {}
}

public struct VersionFinding: Hashable, Sendable {
  public var file: String?
  public var column: String?
  public var message: String
}

public struct LakeColdStore: ColdStore {
  public var name: String { "lake" }
  public init(_ lake: Lake, width: Int = 4) {}
  public func read(
    _ query: ResolvedQuery, from versions: [PinnedVersion], _ consume: (ColumnBatch) async throws -> Void
  ) async throws -> ReadStatistics { throw TokyoDataError(.unsupported, "soon") }
  public func estimate(_ query: ResolvedQuery, from versions: [PinnedVersion]) -> ScanEstimate {
    ScanEstimate(bytes: 0)
  }
}


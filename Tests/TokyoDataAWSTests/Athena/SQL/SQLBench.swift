import Testing
import TokyoDataCore
import TokyoDataLake
import TokyoDataTesting

@testable import TokyoDataAWS

/// A lake in the laboratory with a table for it, and Athena to ask by the SQL that we render.
///
/// It reads results in the plainest way, page by page: what is tested is the SQL.
struct SQLBench {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  let lake: Lake
  let athena: AthenaClient
  let database = JSONLaboratory.newName("db")
  let workGroup = JSONLaboratory.newName("group")

  init() async throws {
    let bench = try await S3Bench()
    let catalog = try GlueCatalog(
      database: database, bucket: bench.bucket, layout: LakeLayout(), client: JSONLaboratory.client(),
      clock: HurriedClock())
    lake = try Lake(try bench.store(), catalog)
    athena = AthenaClient(client: try JSONLaboratory.client())
    try await athena.createWorkGroup(
      workGroup,
      AthenaWorkGroupConfiguration(managedQueryResultsConfiguration: AthenaManagedResults(enabled: true)),
      description: "of a test")
  }

  /// Writes rows as a version of a day, and adds its partition.
  func write(_ rows: ColumnBatch, as day: Day, of dataset: Dataset) async throws -> VersionRecord {
    let record = lake.newVersion(
      of: dataset, day: day, id: VersionID(at: day.next.start), snapshot: "s", exportedAt: day.next.start)
    let writer = try VersionWriter(record, of: dataset, to: lake)
    try await writer.write(rows)
    let written = try await writer.finish()
    try await lake.catalog.add([CatalogPartition(written, of: dataset)], of: dataset)
    return written
  }

  func table(of dataset: Dataset) -> AthenaTable { .versions(of: dataset, in: database) }

  /// The answer to a query from versions.
  func answer(
    _ query: ResolvedQuery, from versions: [PinnedVersion], limit: Int = AthenaLimit.queryBytes.most
  ) async throws -> ColumnBatch {
    let sql = AthenaQuerySQL(query: query, table: table(of: query.dataset))
    var merger = ResultMerger(query)
    for statement in try sql.statements(from: versions, limit: limit) {
      var builder = ColumnBatchBuilder(query.partialSchema, capacity: 0)
      let result = try await rows(statement)
      guard result.names == query.partialSchema.fields.map(\.name) else {
        throw Failure(description: "columns \(result.names)")
      }
      for row in result.rows {
        try builder.append(row: zip(row, query.partialSchema.fields).map { try Self.value($0, $1.type) })
      }
      try merger.add(try builder.finish())
    }
    return try merger.finish()
  }

  /// The cells of a statement's result; NULL is nil.
  func rows(_ statement: AthenaStatement) async throws -> (names: [String], rows: [[String?]]) {
    var start = AthenaQueryStart(
      queryString: statement.sql,
      clientRequestToken: JSONLaboratory.newName("token-of-at-least-32-characters"))
    start.workGroup = workGroup
    start.executionParameters = statement.parameters.isEmpty ? nil : statement.parameters
    let id = try await athena.startQuery(start)
    var query = try await athena.query(id)
    while !query.status.state.isFinal {
      await Task.yield()
      query = try await athena.query(id)
    }
    guard query.status.state == .succeeded else {
      let reason = query.status.stateChangeReason ?? ""
      let isRange = reason.contains("NUMERIC_VALUE_OUT_OF_RANGE") || reason.contains("INVALID_CAST_ARGUMENT")
      if isRange { throw TokyoDataError(.valueOutOfRange, reason) }
      throw Failure(description: "\(reason)\n\(statement.sql)")
    }
    var rows: [[String?]] = []
    var token: String?
    repeat {
      let page = try await athena.results(of: id, after: token)
      rows += page.rows
      token = page.nextToken
    } while token != nil
    return (rows.first.map { $0.map { $0 ?? "" } } ?? [], Array(rows.dropFirst()))
  }

  private static func value(_ text: String?, _ type: ColumnType) throws -> ColumnValue {
    guard let text else { return .null }
    let value: ColumnValue? =
      switch type {
      case .bool: .bool(text == "true")
      case .int8, .int16, .int32, .int64: Int64(text).map { .int($0) }
      case .float: Float(text).map { .float($0) }
      case .double: Double(text).map { .double($0) }
      case .decimal(_, let scale): try Decimal128(text)?.rescaled(to: scale).asValue
      case .string: .string(text)
      case .bytes: .bytes(text.split(separator: " ").compactMap { UInt8($0, radix: 16) })
      case .date: Day(text).map { .date($0) }
      case .time: Int64(text).map { .time(TimeOfDay(microsecondsSinceMidnight: $0)) }
      case .timestamp: Int64(text).map { .timestamp(Timestamp(microsecondsSince1970: $0)) }
      case .localTimestamp: Int64(text).map { .localTimestamp(LocalTimestamp(microsecondsSince1970: $0)) }
      default: nil
      }
    guard let value else { throw Failure(description: "\(text) is no \(type)") }
    return value
  }
}

extension Decimal128 {
  fileprivate var asValue: ColumnValue { .decimal(self) }
}

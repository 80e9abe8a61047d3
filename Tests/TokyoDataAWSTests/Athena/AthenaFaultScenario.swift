import Testing
import TokyoDataCore

@testable import TokyoDataAWS

/// The operations of Athena in a workgroup of their own, whose results Athena keeps.
struct AthenaFaultScenario: FaultScenario {
  let target = JSONLaboratory.newName("athena")
  private let athena: AthenaClient
  private let query: AthenaQueryStart
  private let heldQuery: AthenaQueryStart
  private let configuration = AthenaWorkGroupConfiguration(
    managedQueryResultsConfiguration: AthenaManagedResults(enabled: true),
    bytesScannedCutoffPerQuery: 10_000_000)

  init() async throws {
    athena = AthenaClient(client: try Laboratory.client(named: target))
    query = Self.start("SELECT 42 AS x", in: target)
    heldQuery = Self.start("SELECT 'held \(target)'", in: target)
  }

  /// A query that is to be stopped does not end before.
  var conditions: [[String: any Sendable]] {
    [["operation": "athena:Queue", "target": "held \(target)", "kind": "delay", "seconds": 600]]
  }

  func told(_ error: any Error) -> any Error { TokyoDataError.of(error, .init(store: "athena")) }

  func checkRemains(of run: FaultRun, succeeded: Bool) async throws {
    guard let limit = try await unlessMissing({ try await limit() }) else { return }
    #expect(limit == 10_000_000 || limit == 20_000_000, "\(run): neither the old limit nor the new one")
    if let statement = try await unlessMissing({ try await statement() }) {
      #expect(
        ["SELECT ?", "SELECT ? + 1"].contains(statement), "\(run): neither the old text nor the new one")
    }
    let queries = try await athena.listQueries(in: target).ids
    #expect(queries.count <= 1, "\(run): a query that nobody asked for")
    for id in queries { try await athena.stopQuery(id) }
    // The laboratory has room for no more than an account.
    let _: EmptyAnswer = try await athena.client.call(
      AWSOperation(.athena, "DeleteWorkGroup"), ["WorkGroup": target])
  }

  static var uses: [String: FaultUse<Self>] {
    queryUses.merging(workGroupUses) { $1 }.merging(statementUses) { $1 }
  }

  private static var queryUses: [String: FaultUse<Self>] {
    [
      "StartQueryExecution": FaultUse(
        prepare: { try await $0.makeWorkGroup() },
        act: { bench in
          let id = try await bench.athena.startQuery(bench.query)
          expect(try await bench.athena.query(id).query, bench.query.queryString)
        },
        verify: { expect(try await $0.athena.listQueries(in: $0.target).ids.count, 1) }),
      "StopQueryExecution": FaultUse(
        prepare: { try await $0.makeWorkGroup() },
        act: { try await $0.athena.stopQuery($0.athena.startQuery($0.heldQuery)) },
        verify: { bench in
          let id = try await bench.athena.startQuery(bench.heldQuery)
          expect(try await bench.athena.query(id).status.state, .canceled)
        }),
      "GetQueryExecution": reading { athena, id in
        let query = try await athena.query(id)
        expect(query.queryExecutionId, id)
        expect(query.status.state, .succeeded)
      },
      "BatchGetQueryExecution": reading { athena, id in
        let batch = try await athena.queries([id, "absent"])
        expect(batch.queryExecutions?.map(\.queryExecutionId), [id])
        expect(batch.unprocessedQueryExecutionIds?.map(\.queryExecutionId), ["absent"])
      },
      "GetQueryResults": reading { athena, id in
        let first = try await athena.results(of: id, upTo: 1)
        expect(first.rows, [["x"]])
        expect(try await athena.results(of: id, after: first.nextToken).rows, [["42"]])
      },
      "ListQueryExecutions": FaultUse(
        prepare: { try await $0.makeQuery() },
        act: { bench in
          expect(
            try await bench.athena.listQueries(in: bench.target).ids,
            [try await bench.athena.startQuery(bench.query)])
        }),
      "GetQueryRuntimeStatistics": reading { athena, id in
        expect(try await athena.runtimeStatistics(of: id).rows?.outputRows, 1)
      },
    ]
  }

  private static var workGroupUses: [String: FaultUse<Self>] {
    [
      "GetWorkGroup": FaultUse(
        prepare: { try await $0.makeWorkGroup() },
        act: { expect(try await $0.limit(), 10_000_000) }),
      "CreateWorkGroup": FaultUse(
        act: { try await $0.makeWorkGroup() },
        verify: { expect(try await $0.limit(), 10_000_000) }),
      "UpdateWorkGroup": FaultUse(
        prepare: { try await $0.makeWorkGroup() },
        act: {
          try await $0.athena.updateWorkGroup($0.target, .init(bytesScannedCutoffPerQuery: 20_000_000))
        },
        verify: { expect(try await $0.limit(), 20_000_000) }),
    ]
  }

  private static var statementUses: [String: FaultUse<Self>] {
    [
      "CreatePreparedStatement": FaultUse(
        prepare: { try await $0.makeWorkGroup() },
        act: { try await $0.athena.createPreparedStatement("one", in: $0.target, "SELECT ?") },
        verify: { expect(try await $0.statement(), "SELECT ?") }),
      "GetPreparedStatement": FaultUse(
        prepare: { try await $0.makeStatement() },
        act: { expect(try await $0.statement(), "SELECT ?") }),
      "UpdatePreparedStatement": FaultUse(
        prepare: { try await $0.makeStatement() },
        act: { try await $0.athena.updatePreparedStatement("one", in: $0.target, "SELECT ? + 1") },
        verify: { expect(try await $0.statement(), "SELECT ? + 1") }),
      "DeletePreparedStatement": FaultUse(
        prepare: { try await $0.makeStatement() },
        act: { try await $0.athena.deletePreparedStatement("one", in: $0.target) },
        verify: { bench in expect(try await bench.unlessMissing { try await bench.statement() }, nil) }),
    ]
  }

  /// Reads of a query that has ended.
  private static func reading(
    _ act: @escaping @Sendable (AthenaClient, String) async throws -> Void
  ) -> FaultUse<Self> {
    FaultUse(
      prepare: { try await $0.makeQuery() },
      act: { try await act($0.athena, $0.athena.startQuery($0.query)) })
  }

  private static func start(_ sql: String, in workGroup: String) -> AthenaQueryStart {
    var start = AthenaQueryStart(
      queryString: sql, clientRequestToken: JSONLaboratory.newName("token-of-at-least-32-characters"))
    start.workGroup = workGroup
    return start
  }

  /// Runs the query to its end; its token finds it again.
  private func makeQuery() async throws {
    try await makeWorkGroup()
    let id = try await athena.startQuery(query)
    while try await !athena.query(id).status.state.isFinal { await Task.yield() }
  }

  private func makeWorkGroup() async throws { try await athena.createWorkGroup(target, configuration) }

  private func limit() async throws -> Int? {
    try await athena.workGroup(target).configuration?.bytesScannedCutoffPerQuery
  }

  private func makeStatement() async throws {
    try await makeWorkGroup()
    try await athena.createPreparedStatement("one", in: target, "SELECT ?")
  }

  private func statement() async throws -> String {
    try await athena.preparedStatement("one", in: target).queryStatement
  }

  /// What a call answers; nil where Athena does not have what it names.
  private func unlessMissing<Answer>(_ call: () async throws -> Answer?) async throws -> Answer? {
    do { return try await call() } catch let error as AWSServiceError
      where ["InvalidRequestException", "ResourceNotFoundException"].contains(error.code)
    { return nil }
  }
}

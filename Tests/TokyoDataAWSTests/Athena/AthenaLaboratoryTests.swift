import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("AthenaClient, in the laboratory")
struct AthenaLaboratoryTests {
  let athena: AthenaClient
  let workGroup = JSONLaboratory.newName("group")

  init() throws { athena = AthenaClient(client: try JSONLaboratory.client()) }

  /// A workgroup whose results Athena keeps, so that no bucket is needed.
  func makeWorkGroup() async throws {
    try await athena.createWorkGroup(
      workGroup,
      AthenaWorkGroupConfiguration(
        managedQueryResultsConfiguration: AthenaManagedResults(enabled: true),
        bytesScannedCutoffPerQuery: 10_000_000), description: "of a test")
  }

  func run(_ sql: String, parameters: [String]? = nil) async throws -> AthenaQuery {
    var start = AthenaQueryStart(
      queryString: sql, clientRequestToken: JSONLaboratory.newName("token-of-at-least-32-characters"))
    start.workGroup = workGroup
    start.executionParameters = parameters
    let id = try await athena.startQuery(start)
    #expect(try await athena.startQuery(start) == id, "the same token finds the same query")
    while true {
      let query = try await athena.query(id)
      guard !query.status.state.isFinal else { return query }
      await Task.yield()
    }
  }

  /// The lines of a statement's result.
  func rows(_ sql: String) async throws -> [String] {
    let query = try await run(sql)
    #expect(query.status.state == .succeeded, "\(query.status)")
    return try await athena.results(of: query.queryExecutionId).rows.map { row in
      row.map { $0 ?? "" }.joined(separator: "\t")
    }
  }

  @Test("a query from its start to its rows, with parameters, NULL and empty text")
  func query() async throws {
    try await makeWorkGroup()
    let query = try await run(
      "SELECT x, CAST(NULL AS varchar) AS n, '' AS e FROM (VALUES ?, ?) AS t(x) ORDER BY x",
      parameters: ["2", "1"])
    #expect(query.status.state == .succeeded, "\(query.status)")
    #expect(query.workGroup == workGroup)
    let first = try await athena.results(of: query.queryExecutionId, upTo: 2)
    #expect(first.rows == [["x", "n", "e"], ["1", nil, ""]])
    #expect(first.columns.map(\.name) == ["x", "n", "e"])
    #expect(first.columns.map(\.type) == ["integer", "varchar", "varchar"])
    let second = try await athena.results(of: query.queryExecutionId, after: first.nextToken)
    #expect(second.rows == [["2", nil, ""]])
    #expect(second.nextToken == nil)
    let batch = try await athena.queries([query.queryExecutionId, "no-such-query"])
    #expect(batch.queryExecutions?.map(\.queryExecutionId) == [query.queryExecutionId])
    #expect(batch.unprocessedQueryExecutionIds?.map(\.queryExecutionId) == ["no-such-query"])
    #expect(try await athena.listQueries(in: workGroup).ids.contains(query.queryExecutionId))
    #expect(try await athena.runtimeStatistics(of: query.queryExecutionId).timeline != nil)
    try await athena.stopQuery(query.queryExecutionId)
  }

  @Test("why a query failed")
  func failure() async throws {
    try await makeWorkGroup()
    let query = try await run("SELECT * FROM no_such_database.no_such_table")
    #expect(query.status.state == .failed)
    #expect(query.status.athenaError?.category == .user)
  }

  @Test("workgroups and prepared statements are made, changed and read")
  func workGroups() async throws {
    try await makeWorkGroup()
    #expect(
      try await athena.workGroup(workGroup).configuration?.bytesScannedCutoffPerQuery == 10_000_000)
    try await athena.updateWorkGroup(workGroup, .init(bytesScannedCutoffPerQuery: 20_000_000))
    #expect(
      try await athena.workGroup(workGroup).configuration?.bytesScannedCutoffPerQuery == 20_000_000)
    try await athena.createPreparedStatement("one", in: workGroup, "SELECT ?")
    try await athena.updatePreparedStatement("one", in: workGroup, "SELECT ? + 1")
    #expect(try await athena.preparedStatement("one", in: workGroup).queryStatement == "SELECT ? + 1")
    try await athena.deletePreparedStatement("one", in: workGroup)
    let error = await #expect(throws: AWSServiceError.self) {
      _ = try await athena.preparedStatement("one", in: workGroup)
    }
    #expect(error?.code == "ResourceNotFoundException")
  }
}

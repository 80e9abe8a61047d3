import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("AthenaEngine, in the laboratory")
struct AthenaEngineTests {
  let bench: AthenaBench

  init() async throws { bench = try await AthenaBench() }

  @Test("answers with a receipt: id, bytes, dollars, times, way")
  func receipt() async throws {
    let (rows, answer) = try await bench.answer(bench.request("SELECT 1 AS x"))
    #expect(rows.row(0) == [.int(1)])
    let receipt = answer.receipt
    #expect(!receipt.queryID.isEmpty)
    #expect(receipt.billedBytes == 10_000_000)
    #expect(receipt.dollars == 0.00005)
    #expect(receipt.way == .pages)
    #expect(receipt.attempts == 1)
    #expect(!receipt.isReused)
    #expect(receipt.runTime > .zero)
  }

  @Test("gives an earlier result again where it may, for nothing")
  func reused() async throws {
    var request = bench.request("SELECT '\(JSONLaboratory.newName("reused"))' AS x")
    request.reuseMinutes = 60
    let first = try await bench.answer(request)
    let second = try await bench.answer(request)
    #expect(first.rows == second.rows)
    #expect(!first.answer.receipt.isReused)
    #expect(second.answer.receipt.isReused)
    #expect(second.answer.receipt.dollars == 0)
  }

  @Test("finds the query of an earlier start by its token")
  func token() async throws {
    var request = bench.request("SELECT 1 AS x")
    request.token = QueryRunner.newToken()
    let first = try await bench.answer(request)
    let second = try await bench.answer(request)
    #expect(first.answer.receipt.queryID == second.answer.receipt.queryID)
  }

  @Test("goes on with a query of a process that is gone, by its id", arguments: [false, true])
  func resumed(_ isUnload: Bool) async throws {
    var statement = AthenaStatement(sql: "SELECT x FROM UNNEST(sequence(1, 10)) AS t (x)")
    let token = QueryRunner.newToken()
    if isUnload {
      statement = UnloadStatement.wrapping(statement, to: bench.results.appending("tokyo-unload/\(token)/"))
    }
    let request = bench.request("")
    // What a process did before it was killed.
    let id = try await bench.engine.athena.startQuery(bench.engine.start(request, statement, token: token))
    var rows = 0
    let answer = try await bench.engine.resume(id) { rows += $0.rowCount }
    #expect(rows == 10)
    #expect(answer.receipt.queryID == id)
    #expect(answer.receipt.way == (isUnload ? .unload : .pages))
    #expect(try await bench.objects("results/tokyo-unload").isEmpty)
  }

  @Test("charges a query that it goes on with, though the budget was not asked")
  func resumedBudget() async throws {
    let request = bench.request("")
    let id = try await bench.engine.athena.startQuery(
      bench.engine.start(request, AthenaStatement(sql: "SELECT 1 AS x"), token: QueryRunner.newToken()))
    let budget = try AthenaBudget(dollarsPerDay: 0)
    _ = try await bench.engine.resume(id, budget: budget) { _ in }
    #expect(budget.dollarsSpent(on: Timestamp.systemNow().day) == 0.00005)
  }

  @Test("stops a query that never leaves the queue")
  func neverRuns() async throws {
    let mark = JSONLaboratory.newName("kept")
    var request = bench.request("SELECT '\(mark)' AS x")
    request.queueDeadline = .milliseconds(400)
    let asked = request
    let error = try await bench.withFaults([
      ["operation": "athena:Queue", "kind": "delay", "seconds": 600, "target": mark]
    ]) {
      await #expect(throws: TokyoDataError.self) { _ = try await bench.answer(asked) }
    }
    #expect(error?.code == .timeout)
    let failure = try #require(error?.cause as? AthenaQueryFailure)
    #expect(failure.state == "QUEUED")
    #expect(try await bench.engine.athena.query(failure.queryID).status.state == .canceled)
  }

  @Test("stops a query whose task is canceled, and deletes what it wrote", arguments: [false, true])
  func canceled(_ isUnload: Bool) async throws {
    let mark = JSONLaboratory.newName("canceled")
    var request = bench.request("SELECT '\(mark)' AS x")
    request.way = isUnload ? .unload : nil
    // A workgroup of its own: in that of everybody the query would soon be on a later page of the list.
    let group = mark
    request.workGroup = group
    try await bench.engine.athena.createWorkGroup(
      group, AthenaWorkGroupConfiguration(enforceWorkGroupConfiguration: false))
    let asked = request
    try await bench.withFaults([
      ["operation": "athena:Execution", "kind": "delay", "seconds": 600, "target": mark]
    ]) {
      let task = Task { [bench] in try await bench.answer(asked) }
      var id: String?
      while id == nil {
        for listed in try await bench.engine.athena.listQueries(in: group).ids {
          let query = try await bench.engine.athena.query(listed)
          if query.status.state == .running { id = listed }
        }
      }
      task.cancel()
      await #expect(throws: CancellationError.self) { _ = try await task.value }
      let query = try await bench.engine.athena.query(#require(id))
      #expect(query.status.state == .canceled)
    }
    #expect(try await bench.objects("results/tokyo-unload").isEmpty)
  }

  @Test("starts a query again that may succeed then")
  func retried() async throws {
    let mark = JSONLaboratory.newName("retried")
    let request = bench.request("SELECT '\(mark)' AS x")
    let (rows, answer) = try await bench.withFaults([
      [
        "operation": "athena:Execution", "kind": "fail", "category": 1, "type": 200, "retryable": true,
        "times": 1, "target": mark,
      ]
    ]) { try await bench.answer(request) }
    #expect(rows.rowCount == 1)
    #expect(answer.receipt.attempts == 2)
  }

  @Test("goes on while a query is put back into the queue")
  func requeued() async throws {
    let mark = JSONLaboratory.newName("requeued")
    let request = bench.request("SELECT '\(mark)' AS x")
    let (rows, _) = try await bench.withFaults([
      ["operation": "athena:Execution", "kind": "requeue", "times": 3, "target": mark]
    ]) { try await bench.answer(request) }
    #expect(rows.rowCount == 1)
  }

  @Test(
    "names why a statement failed",
    arguments: [
      ("SELECT * FROM no_such_database.no_such_table", TokyoDataError.Code.notFound),
      ("SELECT 1 / (x - x) FROM (VALUES 1) AS t (x)", .invalidData),
      ("SELECT no_such_function(1)", .invalidArgument),
      ("SELEC 1", .invalidArgument),
    ])
  func failures(_ sql: String, _ code: TokyoDataError.Code) async throws {
    let error = await #expect(throws: TokyoDataError.self) { _ = try await bench.answer(bench.request(sql)) }
    #expect(error?.code == code, "\(error?.debugDescription ?? "")")
  }

  @Test("takes the workgroup's cut-off for a budget's error")
  func cutOff() async throws {
    let group = JSONLaboratory.newName("cut")
    let table = JSONLaboratory.newName("large")
    try await bench.engine.athena.createWorkGroup(
      group,
      AthenaWorkGroupConfiguration(
        enforceWorkGroupConfiguration: false, bytesScannedCutoffPerQuery: 10_000_000))
    _ = try await bench.answer(bench.request("CREATE DATABASE \(table)"))
    _ = try await bench.answer(
      bench.request(
        """
        CREATE TABLE \(table).t WITH (format = 'PARQUET', external_location = 's3://\(bench.s3.bucket)/t/') AS
        SELECT random() AS x, random() AS y FROM UNNEST(sequence(1, 800000)) AS t (n)
        """))
    var request = bench.request("SELECT sum(x), sum(y) FROM \(table).t")
    let budget = try AthenaBudget(dollarsPerDay: 1)
    request.workGroup = group
    request.budget = budget
    let asked = request
    let error = await #expect(throws: TokyoDataError.self) { _ = try await bench.answer(asked) }
    #expect(error?.code == .budgetExceeded, "\(error?.debugDescription ?? "")")
    #expect(budget.dollarsSpent(on: Timestamp.systemNow().day) > 0.00005)
  }
}

@Suite("What users of awswrangler complain about, in the laboratory")
struct AwswranglerComplaintTests {
  let bench: AthenaBench

  init() async throws { bench = try await AthenaBench() }

  @Test("#465 throttling: 64 queries at once end well under refused calls, and no error reaches the caller")
  func throttling() async throws {
    let bench = bench
    let rules: [[String: any Sendable]] = [
      "StartQueryExecution", "BatchGetQueryExecution", "GetQueryResults",
    ].map {
      ["operation": "athena:\($0)", "kind": "throttle", "probability": 0.4, "target": bench.agent]
    }
    let answers = try await bench.withFaults(rules) {
      try await withThrowingTaskGroup(of: ColumnValue.self) { group in
        for number in 0..<64 {
          group.addTask { try await bench.answer(bench.request("SELECT \(number) AS n")).rows.row(0)[0] }
        }
        return try await group.reduce(into: Set()) { $0.insert($1) }
      }
    }
    #expect(answers == Set((0..<64).map { ColumnValue.int($0) }))
  }

  @Test("wait_query has no timeout: a query that runs too long is stopped at its deadline")
  func timeouts() async throws {
    let mark = JSONLaboratory.newName("slow")
    var request = bench.request("SELECT '\(mark)' AS x")
    request.runDeadline = .milliseconds(300)
    let asked = request
    let error = try await bench.withFaults([
      ["operation": "athena:Execution", "kind": "delay", "seconds": 600, "target": mark]
    ]) { await #expect(throws: TokyoDataError.self) { _ = try await bench.answer(asked) } }
    #expect(error?.code == .timeout)
    let failure = try #require(error?.cause as? AthenaQueryFailure)
    #expect(failure.state == "RUNNING")
    #expect(try await bench.engine.athena.query(failure.queryID).status.state == .canceled)
  }

  @Test("#1054, #2956 lossy cache keys: case, space, parameters and database each make another question")
  func cacheKeys() async throws {
    let unique = JSONLaboratory.newName("key")
    func ask(_ sql: String, _ parameters: [String] = [], database: String = "default") async throws
      -> ColumnValue
    {
      var request = bench.request(sql, parameters)
      request.reuseMinutes = 60
      request.database = database
      return try await bench.answer(request).rows.row(0)[0]
    }
    #expect(try await ask("SELECT '\(unique) A b' AS x") == .string("\(unique) A b"))
    #expect(try await ask("SELECT '\(unique) a b' AS x") == .string("\(unique) a b"))
    #expect(try await ask("SELECT '\(unique) Ab' AS x") == .string("\(unique) Ab"))
    #expect(try await ask("SELECT '\(unique)' || ? AS x", ["'1'"]) == .string("\(unique)1"))
    #expect(try await ask("SELECT '\(unique)' || ? AS x", ["'2'"]) == .string("\(unique)2"))
    for (database, value) in [(unique + "_a", 1), (unique + "_b", 2)] {
      _ = try await bench.answer(bench.request("CREATE DATABASE \(database)"))
      _ = try await bench.answer(
        bench.request(
          "CREATE TABLE \(database).t WITH (format = 'PARQUET', external_location = "
            + "'s3://\(bench.s3.bucket)/\(database)/') AS SELECT \(value) AS x"))
      #expect(try await ask("SELECT x FROM t", database: database) == .int(Int64(value)))
    }
  }

  @Test(
    "NULL and the empty text stay two things, in every way",
    arguments: [AthenaResultWay.pages, .csv, .unload])
  func nulls(_ way: AthenaResultWay) async throws {
    var request = bench.request("SELECT CAST(NULL AS varchar) AS n, '' AS e, 'NULL' AS w, 'NaN' AS a")
    request.way = way
    let rows = try await bench.answer(request).rows
    #expect(rows.row(0) == [.null, .string(""), .string("NULL"), .string("NaN")])
  }

  @Test(
    "#592, #2950 wrong timestamps: years 1 to 9999 come back, in every way",
    arguments: [AthenaResultWay.pages, .csv, .unload])
  func timestamps(_ way: AthenaResultWay) async throws {
    let texts = [
      "0001-01-01 00:00:00.000", "1677-09-21 00:12:43.145", "1969-12-31 23:59:59.999",
      "2262-04-12 00:00:00.001", "9999-12-31 23:59:59.999",
    ]
    var request = bench.request(
      "SELECT " + texts.enumerated().map { "TIMESTAMP '\($1)' AS t\($0)" }.joined(separator: ", "))
    request.way = way
    let rows = try await bench.answer(request).rows
    #expect(rows.row(0) == (try texts.map { .localTimestamp(try #require(LocalTimestamp($0))) }))
  }

  @Test(
    "EmptyDataFrame: no rows are an answer, with columns, in every way",
    arguments: [AthenaResultWay.pages, .csv, .unload])
  func empty(_ way: AthenaResultWay) async throws {
    var request = bench.request("SELECT 1 AS a, DATE '2026-01-01' AS b WHERE 1 = 0")
    request.way = way
    let (rows, answer) = try await bench.answer(request)
    #expect(rows.rowCount == 0)
    #expect(answer.schema.fields.map(\.type) == [.int32, .date])
  }

  @Test("#3314 a list of files that leads elsewhere is not followed")
  func hijack() async throws {
    let other = try await S3Bench()
    try await other.store().put(Array("x".utf8), as: ObjectKey("tokyo-unload/secret"))
    let store = try bench.s3.store()
    for line in [
      "s3://\(other.bucket)/tokyo-unload/secret", "s3://\(bench.s3.bucket)/elsewhere/x", "file:///etc/passwd",
    ] {
      let manifest = try ObjectKey("results/\(WriteMark().text)-manifest.csv")
      try await store.put(Array((line + "\n").utf8), as: manifest)
      let reader = UnloadReader(
        objects: ResultObjects(client: bench.engine.storage),
        folder: bench.results.appending("tokyo-unload/t/"),
        manifest: S3Location(bucket: bench.s3.bucket, key: manifest.path))
      let error = await #expect(throws: TokyoDataError.self) { _ = try await reader.written() }
      #expect(error?.code == (line.hasPrefix("file") ? .invalidArgument : .invalidData))
    }
  }
}

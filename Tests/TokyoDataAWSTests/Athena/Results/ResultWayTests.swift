import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("Ways of a result, in the laboratory")
struct ResultWayTests {
  let bench: AthenaBench

  init() async throws { bench = try await AthenaBench() }

  /// Every simple type, with what is easily mixed up.
  static let everything = """
    SELECT * FROM (VALUES
      (1, true, CAST(-128 AS tinyint), CAST(32767 AS smallint), CAST(9223372036854775807 AS bigint),
       CAST(0.1 AS real), DOUBLE '0.1', CAST('99999999999999999999999999999999999.999' AS decimal(38,3)),
       'NULL', DATE '2026-02-28', TIMESTAMP '2026-02-28 23:59:59.999'),
      (2, false, CAST(NULL AS tinyint), CAST(-1 AS smallint), CAST(-9223372036854775807 AS bigint),
       CAST('NaN' AS real), CAST('-Infinity' AS double), CAST('-0.001' AS decimal(38,3)),
       '', DATE '0001-01-01', TIMESTAMP '1969-12-31 23:59:59.999'),
      (3, NULL, CAST(0 AS tinyint), NULL, NULL, NULL, CAST('NaN' AS double), NULL, NULL, NULL, NULL),
      (4, NULL, NULL, NULL, NULL, CAST(1.5 AS real), DOUBLE '1.0E23', CAST(0 AS decimal(38,3)),
       'NaN', NULL, NULL),
      (5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'a,"b"' || chr(10) || '日本', NULL, NULL)
    ) AS t (id, flag, tiny, small, big, single, number, exact, word, day, at)
    """

  static func everythingSchema() throws -> ColumnSchema {
    try ColumnSchema([
      ColumnField("id", .int32), ColumnField("flag", .bool), ColumnField("tiny", .int8),
      ColumnField("small", .int16),
      ColumnField("big", .int64), ColumnField("single", .float), ColumnField("number", .double),
      ColumnField("exact", .decimal(precision: 38, scale: 3)), ColumnField("word", .string),
      ColumnField("day", .date),
      ColumnField("at", .localTimestamp),
    ])
  }

  func sorted(_ rows: ColumnBatch) throws -> ColumnBatch {
    let column = try rows.column("id")
    let order = (0..<rows.rowCount).sorted { "\(column[$0])" < "\(column[$1])" }
    return try rows.gathering(order)
  }

  @Test("all give the same rows, bit by bit, with the columns told or not", arguments: [true, false])
  func same(_ isTold: Bool) async throws {
    var answers: [ColumnBatch] = []
    for way in [AthenaResultWay.pages, .csv, .unload] {
      var request = bench.request(Self.everything, schema: isTold ? try Self.everythingSchema() : nil)
      request.way = way
      let (rows, answer) = try await bench.answer(request)
      #expect(answer.receipt.way == way)
      #expect(answer.receipt.rows == 5)
      answers.append(try sorted(rows))
    }
    #expect(answers[0].schema == (try Self.everythingSchema()))
    #expect(answers[0] == answers[1])
    #expect(answers[0] == answers[2])
    #expect(try answers[0].column("word")[0] == .string("NULL"))
    #expect(try answers[0].column("word")[1] == .string(""))
    #expect(try answers[0].column("word")[2] == .null)
    #expect(try answers[0].column("word")[3] == .string("NaN"))
    #expect(
      try answers[0].column("exact")[0]
        == .decimal(#require(Decimal128("99999999999999999999999999999999999.999"))))
  }

  @Test("give empty results their columns", arguments: [AthenaResultWay.pages, .csv, .unload])
  func empty(_ way: AthenaResultWay) async throws {
    for schema in [try Self.everythingSchema(), nil] {
      var request = bench.request(Self.everything + " WHERE id > 5", schema: schema)
      request.way = way
      let (rows, answer) = try await bench.answer(request)
      #expect(rows.rowCount == 0)
      #expect(answer.schema == (try Self.everythingSchema()))
    }
    #expect(try await bench.objects("results/tokyo-unload").isEmpty)
  }

  @Test("decode into rows of a type")
  func decodable() async throws {
    struct Row: Decodable, Equatable {
      var id: Int
      var word: String?
    }
    let (rows, _) = try await bench.answer(
      bench.request("SELECT id, word FROM (\(Self.everything)) WHERE id < 4 ORDER BY id"))
    #expect(
      try rows.decode(Row.self) == [Row(id: 1, word: "NULL"), Row(id: 2, word: ""), Row(id: 3, word: nil)])
  }

  @Test("nested columns come by UNLOAD, told or not, and nothing is left behind", arguments: [true, false])
  func nested(_ isTold: Bool) async throws {
    let schema = try ColumnSchema([
      ColumnField("id", .int32), ColumnField("list", .list(of: .string)),
      ColumnField("pairs", .map(.string, to: .int32)),
      ColumnField("row", .structure([ColumnField("x", .int32), ColumnField("y", .string)])),
      ColumnField("raw", .bytes),
    ])
    let request = bench.request(
      """
      SELECT 1 AS id, ARRAY['a, b', NULL, '', 'null'] AS list, MAP(ARRAY['k=v'], ARRAY[7]) AS pairs,
        CAST(ROW(1, 'x=1, y=2') AS row(x integer, y varchar)) AS "row", from_hex('00ff') AS raw
      """, schema: isTold ? schema : nil)
    let (rows, answer) = try await bench.answer(request)
    #expect(answer.receipt.way == .unload)
    #expect(rows.schema.fields.map(\.name) == ["id", "list", "pairs", "row", "raw"])
    #expect(
      rows.row(0) == [
        .int(1), .list([.string("a, b"), .null, .string(""), .string("null")]),
        .map([ColumnMapEntry(.string("k=v"), .int(7))]), .structure([.int(1), .string("x=1, y=2")]),
        .bytes([0, 255]),
      ])
    #expect(try await bench.objects("results/tokyo-unload").isEmpty)
    #expect(try await bench.objects().allSatisfy { !$0.contains("manifest") })
  }

  @Test("nested columns of an empty answer have their types, told or not", arguments: [true, false])
  func emptyNested(_ isTold: Bool) async throws {
    let schema = try ColumnSchema([
      ColumnField("list", .list(of: .string)), ColumnField("pairs", .map(.string, to: .int32)),
    ])
    let request = bench.request(
      "SELECT ARRAY['a'] AS list, MAP(ARRAY['k'], ARRAY[7]) AS pairs WHERE 1 = 0",
      schema: isTold ? schema : nil)
    let (rows, answer) = try await bench.answer(request)
    #expect(rows.rowCount == 0)
    #expect(answer.schema == schema)
    #expect(try await bench.objects("results/tokyo-unload").isEmpty)
  }

  @Test("nested columns whose order was asked for are refused, unless UNLOAD was too")
  func nestedOrder() async throws {
    let sql = "SELECT ARRAY[x] AS a FROM (VALUES 2, 1) AS t (x) ORDER BY x"
    let schema = try ColumnSchema([ColumnField("a", .list(of: .int32))])
    for schema in [schema, nil] {
      let error = await #expect(throws: TokyoDataError.self) {
        _ = try await bench.answer(bench.request(sql, schema: schema))
      }
      #expect(error?.code == .unsupported)
      #expect(error?.context.column == "a")
    }
    var request = bench.request(sql, schema: schema)
    request.way = .unload
    #expect(try await bench.answer(request).rows.rowCount == 2)
  }

  @Test("bytes come as text too, exactly", arguments: [AthenaResultWay.pages, .csv])
  func bytes(_ way: AthenaResultWay) async throws {
    var request = bench.request(
      "SELECT from_hex('00ff80') AS raw, from_hex('') AS none, CAST(NULL AS varbinary) AS no")
    request.way = way
    #expect(try await bench.answer(request).rows.row(0) == [.bytes([0, 255, 128]), .bytes([]), .null])
  }

  @Test("short results come as one page, long ones from their file")
  func chosen() async throws {
    let sql = "SELECT x FROM UNNEST(sequence(1, %)) AS t (x)"
    let short = try await bench.answer(bench.request(sql.replacing("%", with: "999")))
    #expect(short.answer.receipt.way == .pages)
    #expect(short.rows.rowCount == 999)
    let long = try await bench.answer(bench.request(sql.replacing("%", with: "2500")))
    #expect(long.answer.receipt.way == .csv)
    #expect(long.rows.rowCount == 2_500)
    var paged = bench.request(sql.replacing("%", with: "2500"))
    paged.way = .pages
    #expect(try await bench.answer(paged).rows == long.rows)
  }

  @Test("what is expected to be long comes by UNLOAD, unless an earlier result may do")
  func long() async throws {
    var request = bench.request("SELECT x FROM UNNEST(sequence(1, 2500)) AS t (x)")
    request.isLong = true
    let (rows, answer) = try await bench.answer(request)
    #expect(answer.receipt.way == .unload)
    #expect(rows.rowCount == 2_500)
    #expect(try await bench.objects("results/tokyo-unload").isEmpty)
    #expect(try await bench.objects().allSatisfy { !$0.contains("manifest") && !$0.contains("metadata") })
    request.reuseMinutes = 1
    #expect(try await bench.answer(request).answer.receipt.way == .csv)
    request.reuseMinutes = nil
    request.way = .pages
    #expect(try await bench.answer(request).answer.receipt.way == .pages)
  }

  @Test(
    "a workgroup that enforces its place for results has unloaded files there too", arguments: [true, false])
  func enforced(_ isNested: Bool) async throws {
    let group = JSONLaboratory.newName("enforced")
    let own = try await S3Bench()
    try await bench.engine.athena.createWorkGroup(
      group,
      AthenaWorkGroupConfiguration(
        resultConfiguration: AthenaResultConfiguration(outputLocation: "s3://\(own.bucket)/own/"),
        enforceWorkGroupConfiguration: true))
    var request = bench.request("SELECT \(isNested ? "ARRAY[x]" : "x") AS x FROM (VALUES 1, 2) AS t (x)")
    request.schema = try ColumnSchema([ColumnField("x", isNested ? .list(of: .int32) : .int32)])
    request.isLong = true
    request.workGroup = group
    let (rows, answer) = try await bench.answer(request)
    #expect(rows.rowCount == 2)
    #expect(answer.receipt.way == .unload)
    #expect(try await own.store().list(prefix: "").isEmpty)
    #expect(try await bench.objects().isEmpty)
    let reads = try await Laboratory.log().filter {
      $0.operation == "s3:GetObject" && $0.target.contains("\(own.bucket)/own/tokyo-unload/")
    }
    #expect(!reads.isEmpty)
  }

  @Test("results that Athena keeps itself come in pages")
  func managed() async throws {
    let group = JSONLaboratory.newName("managed")
    try await bench.engine.athena.createWorkGroup(
      group,
      AthenaWorkGroupConfiguration(managedQueryResultsConfiguration: AthenaManagedResults(enabled: true)))
    var request = bench.request("SELECT x FROM UNNEST(sequence(1, 2500)) AS t (x)")
    request.workGroup = group
    request.outputLocation = nil
    for isLong in [false, true] {
      request.isLong = isLong
      let (rows, answer) = try await bench.answer(request)
      #expect(rows.rowCount == 2_500)
      #expect(answer.receipt.way == .pages)
    }
    for way in [AthenaResultWay.csv, .unload] {
      request.way = way
      let asked = request
      let error = await #expect(throws: TokyoDataError.self) { _ = try await bench.answer(asked) }
      #expect(error?.code == .unsupported)
    }
  }

  @Test("statements that define and show come as lines")
  func utility() async throws {
    let name = JSONLaboratory.newName("shown")
    _ = try await bench.answer(bench.request("CREATE DATABASE \(name)"))
    let (rows, _) = try await bench.answer(bench.request("SHOW DATABASES"))
    #expect((0..<rows.rowCount).contains { rows.row($0) == [.string(name)] })
  }

  @Test("statements that write rows have an answer without any")
  func insert() async throws {
    let name = JSONLaboratory.newName("written")
    _ = try await bench.answer(bench.request("CREATE DATABASE \(name)"))
    _ = try await bench.answer(
      bench.request(
        "CREATE TABLE \(name).t WITH (format = 'PARQUET', external_location = 's3://\(bench.s3.bucket)/\(name)/') "
          + "AS SELECT 1 AS x"))
    let (rows, _) = try await bench.answer(bench.request("INSERT INTO \(name).t SELECT 2"))
    #expect(rows.rowCount == 0)
    let (all, _) = try await bench.answer(bench.request("SELECT x FROM \(name).t ORDER BY x"))
    #expect(try all.decode(Int.self) == [1, 2])
  }

  @Test("parameters reach the statement in every way", arguments: [AthenaResultWay.pages, .csv, .unload])
  func parameters(_ way: AthenaResultWay) async throws {
    var request = bench.request("SELECT ? AS a, ? AS b", ["7", "'it''s'"])
    request.way = way
    #expect(try await bench.answer(request).rows.row(0) == [.int(7), .string("it's")])
  }

  @Test("a missing result file is not found", arguments: [AthenaResultWay.csv, .pages])
  func missing(_ way: AthenaResultWay) async throws {
    let (_, answer) = try await bench.answer(bench.request("SELECT 1 AS x"))
    for key in try await bench.objects() { _ = try await bench.s3.store().delete([ObjectKey(key)]) }
    let error = await #expect(throws: TokyoDataError.self) {
      _ = try await bench.engine.resume(answer.receipt.queryID, way: way) { _ in }
    }
    #expect(error?.code == .notFound)
  }

  @Test("a result file that was cut is an error that names the line")
  func truncated() async throws {
    let (_, answer) = try await bench.answer(
      bench.request("SELECT x, 'text' AS t FROM UNNEST(sequence(1, 50)) AS t (x)"))
    let store = try bench.s3.store()
    let key = try ObjectKey("results/\(answer.receipt.queryID).csv")
    let bytes = try await store.get(key)
    _ = try await store.delete([key])
    try await store.put(Array(bytes.dropLast(9)), as: key)
    let error = await #expect(throws: TokyoDataError.self) {
      _ = try await bench.engine.resume(answer.receipt.queryID, way: .csv) { _ in }
    }
    #expect(error?.code == .invalidData)
    #expect(error?.message.contains("line 51 ") == true, "\(String(describing: error))")
  }

  @Test(
    "a transfer that is cut on its way is made again, or an error, never fewer rows",
    arguments: ["truncate", "cut"])
  func cut(_ kind: String) async throws {
    let (_, answer) = try await bench.answer(
      bench.request("SELECT x FROM UNNEST(sequence(1, 5000)) AS t (x)"))
    for times in [1, 100] {
      var rows = 0
      let outcome = try await bench.withFaults([
        [
          "operation": "s3:GetObject", "kind": kind, "at": 1_000, "when": "body", "times": times,
          "target": bench.agent,
        ]
      ]) { () -> (any Error)? in
        do {
          _ = try await bench.engine.resume(answer.receipt.queryID, way: .csv) { rows += $0.rowCount }
        } catch { return error }
        return nil
      }
      if outcome == nil { #expect(rows == 5_000) } else { #expect(outcome is TokyoDataError) }
    }
  }

  @Test("what consume throws passes as it is, and what was written is deleted")
  func consumer() async throws {
    struct Enough: Error {}
    var request = bench.request("SELECT 1 AS x")
    for way in [AthenaResultWay.pages, .csv, .unload] {
      request.way = way
      let asked = request
      await #expect(throws: Enough.self) { _ = try await bench.engine.run(asked) { _ in throw Enough() } }
    }
    #expect(try await bench.objects("results/tokyo-unload").isEmpty)
  }
}

import Testing
import TokyoDataCore

@testable import TokyoDataPostgres

@Suite("Installing a table")
struct InstallTests {
  @Test("installing again changes nothing, not even for the next run")
  func isIdempotent() async throws {
    try await EventTable.with { events in
      try await events.insert(1, ago: 3)
      try await events.publish(ago: 3)
      let before = try await events.coverage()
      for _ in 1...2 { try await events.store.install(DatasetProposal(table: "events", timeColumn: "at")) }
      try await events.run()
      let after = try await events.coverage()
      #expect(after.epoch == before.epoch)
      #expect(after.marked.isEmpty)
      #expect(after.state(of: events.day(ago: 3)) == .both)
    }
  }

  @Test("two that install at once both succeed")
  func twoAtOnce() async throws {
    try await TestDatabase.with { database in
      try await database.execute("CREATE TABLE a (id int PRIMARY KEY, at date NOT NULL)")
      try await database.execute("CREATE TABLE b (id int PRIMARY KEY, at date NOT NULL)")
      try await withThrowingTaskGroup(of: Void.self) { group in
        for table in ["a", "b", "a", "b"] {
          group.addTask {
            try await database.store.install(DatasetProposal(table: table, timeColumn: "at"))
          }
        }
        try await group.waitForAll()
      }
      #expect(try await database.store.datasets().map(\.description) == ["a", "b"])
    }
  }

  static let refused: [(table: String, time: String?, code: TokyoDataError.Code, column: String?)] = [
    ("id int PRIMARY KEY, at timestamptz", "at", .invalidArgument, "at"),
    ("id int PRIMARY KEY, at timestamptz NOT NULL", "missing", .unknownColumn, "missing"),
    ("id int PRIMARY KEY, at text NOT NULL", "at", .typeMismatch, "at"),
    ("id int PRIMARY KEY, at timestamp NOT NULL", "at", .invalidArgument, "at"),
    ("id int PRIMARY KEY, at date NOT NULL, price numeric", "at", .unsupported, "price"),
    ("id int PRIMARY KEY, at date NOT NULL, price numeric(60,2)", "at", .unsupported, "price"),
    ("id int PRIMARY KEY, at date NOT NULL, month int", "at", .invalidArgument, "month"),
    ("id int PRIMARY KEY, at date NOT NULL, \"AT\" int", "at", .invalidArgument, "AT"),
    ("at date NOT NULL", "at", .invalidArgument, "at"),
  ]

  @Test("what stands in the way is named", arguments: refused.indices)
  func refusals(index: Int) async throws {
    let (columns, time, code, column) = Self.refused[index]
    try await TestDatabase.with { database in
      try await database.execute("CREATE TABLE t (\(unescaped: columns))")
      var proposal = DatasetProposal(table: "t", timeColumn: time)
      // A key that nothing keeps unique would lose rows where hot replaces cold.
      if !columns.contains("PRIMARY KEY") { proposal.key = ["at"] }
      let error = await tokyoError { try await database.store.install(proposal) }
      #expect(error?.code == code)
      #expect(error?.context.column == column)
    }
  }

  @Test("a column that is chosen or given up but not there is named")
  func unknownColumns() async throws {
    try await TestDatabase.with { database in
      try await database.execute("CREATE TABLE t (id int PRIMARY KEY, at date NOT NULL)")
      for proposal in [
        DatasetProposal(table: "t", timeColumn: "at", columnTypes: ["x": .string]),
        DatasetProposal(table: "t", timeColumn: "at", policy: DatasetPolicy(givenUpColumns: ["x"])),
        DatasetProposal(table: "t", timeColumn: "at", key: ["x"]),
        DatasetProposal(table: "t", timeColumn: "at", policy: DatasetPolicy(clusterBy: ["x"])),
      ] {
        let error = await tokyoError { try await database.store.install(proposal) }
        #expect(error?.code == .unknownColumn)
        #expect(error?.context.column == "x")
      }
      let missing = await tokyoError {
        try await database.store.install(DatasetProposal(table: "nowhere", timeColumn: "at"))
      }
      #expect(missing?.code == .notFound)
    }
  }

  @Test("a numeric without precision becomes what is said")
  func chosenNumeric() async throws {
    try await TestDatabase.with { database in
      try await database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, at date NOT NULL, a numeric, b numeric)")
      let dataset = try await database.store.install(
        DatasetProposal(
          table: "t", timeColumn: "at",
          columnTypes: ["a": .decimal(precision: 38, scale: 3), "b": .string]))
      let day = try await database.today().advanced(by: -2)
      try await database.execute("INSERT INTO t VALUES (1, \(unescaped: "'\(day)'"), 1.50, 1.50)")
      let rows = try await Self.export(day, of: dataset, from: database.store)
      let amount = try Decimal128(unscaled: 1_500, scale: 3)
      #expect(rows == [[.int(1), .date(day), .decimal(amount), "1.50"]])
      try await database.execute("UPDATE t SET a = 0.0005")
      let error = await tokyoError { _ = try await Self.export(day, of: dataset, from: database.store) }
      #expect(error?.code == .valueOutOfRange)
      #expect(error?.context.column == "a")
      #expect(error?.context.day == day)
    }
  }

  @Test("names with points, quotes and capitals, and types that become text, go there and back")
  func oddNamesAndTypes() async throws {
    try await TestDatabase.with { database in
      try await database.execute(
        """
        CREATE SCHEMA "My.Schema"; CREATE TYPE mood AS ENUM ('sad', 'ok');
        CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
        CREATE TABLE "My.Schema"."T""1" ("Id" uuid PRIMARY KEY, "AT" timestamptz NOT NULL, feeling mood,
          code char(5), document jsonb, address inet, label text COLLATE loose);
        INSERT INTO "My.Schema"."T""1" VALUES
          ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '2024-05-06 07:08:09.000001+00', 'sad', 'ab', '{"b": 1, "a": 2}',
            '10.0.0.1', 'X'),
          ('b0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '2024-05-06 23:59:59.999999+00', NULL, NULL, NULL, NULL, 'x')
        """)
      let dataset = try await database.store.install(
        DatasetProposal(table: "\"My.Schema\".\"T\"\"1\"", name: DatasetName("odd"), timeColumn: "AT"))
      let rows = try await Self.export(Day(daysSince1970: 19_849), of: dataset, from: database.store)
      #expect(rows.count == 2)
      #expect(
        rows.first?.dropFirst(2) == ["sad", "ab", "{\"a\": 2, \"b\": 1}", "10.0.0.1/32", "X"])
      let groups = try await Self.answer(
        Query(dataset.name).filter(.column("code", .equal, "ab") || .isNull("feeling"))
          .group(by: .column("label"), .column("feeling")).select(.count, .min("Id")).order(by: "label"),
        of: dataset, from: database.store)
      #expect(
        groups == [
          ["X", "sad", 1, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
          ["x", .null, 1, "b0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
        ])
    }
  }

  @Test("an exported dataset keeps its time column and key; a table has one dataset")
  func whatCannotChange() async throws {
    try await EventTable.with { events in
      try await events.execute(
        "ALTER TABLE events ADD COLUMN other timestamptz NOT NULL DEFAULT now(); CREATE UNIQUE INDEX ON events (at)"
      )
      try await events.store.install(DatasetProposal(table: "events", timeColumn: "other"))
      try await events.insertWithOther(1, ago: 3)
      try await events.store.install(DatasetProposal(table: "events", timeColumn: "at"))
      try await events.publish(ago: 3)
      for proposal in [
        DatasetProposal(table: "events", timeColumn: "other"),
        DatasetProposal(table: "events", timeColumn: "at", key: ["at"]),
        DatasetProposal(table: "events", name: try DatasetName("second"), timeColumn: "at"),
      ] {
        let error = await tokyoError { try await events.store.install(proposal) }
        #expect(error?.code == .conflict)
      }
    }
  }

  private static func export(
    _ day: Day, of dataset: Dataset, from store: PostgresHotStore
  ) async throws -> [[ColumnValue]] {
    try await store.withExportSnapshot(of: dataset.name) { snapshot in
      var rows: [[ColumnValue]] = []
      try await snapshot.readDay(day) { batch in rows += (0..<batch.rowCount).map { batch.row($0) } }
      return rows
    }
  }

  private static func answer(
    _ query: Query, of dataset: Dataset, from store: PostgresHotStore
  ) async throws -> [[ColumnValue]] {
    let resolved = try ResolvedQuery(query, for: dataset)
    return try await store.withSnapshot(of: [dataset.name]) { snapshot in
      var merger = ResultMerger(resolved)
      _ = try await snapshot.read(resolved, in: [.unbounded]) { try merger.add($0) }
      let answer = try merger.finish()
      return (0..<answer.rowCount).map { answer.row($0) }
    }
  }
}

extension EventTable {
  fileprivate func insertWithOther(_ id: Int, ago days: Int) async throws {
    try await database.execute("INSERT INTO events (id, at) VALUES (\(id), \(noon(ago: days)))")
  }
}

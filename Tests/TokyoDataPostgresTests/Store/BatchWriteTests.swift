import Testing
import TokyoDataCore

@testable import TokyoDataPostgres

@Suite("Writes of many rows")
struct BatchWriteTests {
  struct Item: DatasetRow, Codable, Equatable, Sendable {
    var id: Int64
    var at: Timestamp
    var note: String?
    static let columns: [Column<Item>] = [.init("id", \.id), .init("at", \.at), .init("note", \.note)]
  }

  /// Texts that an array's text must not take for something else.
  static let texts = [
    "", "NULL", "null", "\"", "\\", "a,b", "{}", "{\"a\"}", " a ", "\n\t", "\\N", "'; --", "日本語🗼",
    "e\u{301}\"\u{301}",
  ]

  private static func items(_ ids: Range<Int>, _ day: Day, note: String? = nil) -> [Item] {
    ids.map { Item(id: Int64($0), at: day.start, note: note) }
  }

  @Test("arrive as they are, by INSERT and by COPY", arguments: [1, 100])
  func values(_ repetitions: Int) async throws {
    try await TestDatabase.with { database in
      try await database.execute(
        """
        CREATE TABLE t (id int PRIMARY KEY, text text, code varchar(20), fixed char(3), bytes bytea, float real,
          double float8, amount numeric(38, 9), yes bool, day date, at timestamptz, local timestamp, small int2)
        """)
      let dataset = try await database.store.install(DatasetProposal(table: "t"))
      var rows: [[ColumnValue]] = []
      let days: [Day] = [Day("0001-01-01"), Day("9999-12-31"), Day("1970-01-01")].compactMap { $0 }
      let floats: [Float] = [.pi, .infinity, -0.0]
      let doubles: [Double] = [-.infinity, 1e-300, 0.1]
      let amount = try #require(Decimal128("-12345678901234567890123456789.123456789"))
      for text in Array(repeating: Self.texts, count: repetitions).joined() {
        let (number, day) = (rows.count, days[rows.count % 3])
        let time = day.start.microsecondsSince1970 + 1
        var row: [ColumnValue] = [.int(Int64(number)), .string(text), .string(text), .string("abc")]
        row.append(.bytes(Array(0...255)))
        row.append(.float(floats[number % 3]))
        row.append(.double(doubles[number % 3]))
        row.append(.decimal(amount))
        row.append(.bool(number % 4 == 0))
        row.append(.date(day))
        row.append(.timestamp(Timestamp(microsecondsSince1970: time)))
        row.append(.localTimestamp(LocalTimestamp(microsecondsSince1970: time)))
        row.append(.int(-32_768))
        rows.append(row)
        rows.append([ColumnValue.int(Int64(rows.count))] + Array(repeating: ColumnValue.null, count: 12))
      }
      #expect((rows.count >= PostgresHotTransaction.rowsForCopy) == (repetitions == 100))
      let batch = try Self.batch(dataset, rows)
      try await database.store.withTransaction { try await $0.insert(batch, into: dataset.name) }
      let read = try await database.store.query("SELECT * FROM t ORDER BY id", as: dataset.schema)
      for row in rows.indices { #expect(read.row(row) == rows[row]) }
    }
  }

  @Test("whose dates no text can hold arrive all the same")
  func farDates() async throws {
    try await TestDatabase.with { database in
      try await database.execute("CREATE TABLE t (id int PRIMARY KEY, day date)")
      let dataset = try await database.store.install(DatasetProposal(table: "t"))
      let days = [-800_000, 0, 5_000_000].map { Day(daysSince1970: $0) }
      let batch = try Self.batch(dataset, days.enumerated().map { [.int(Int64($0)), .date($1)] })
      try await database.store.withTransaction { try await $0.insert(batch, into: dataset.name) }
      let read = try await database.store.query("SELECT day - '1970-01-01'::date AS n FROM t ORDER BY id")
      #expect((0..<3).map { read.columns[0].integer($0) } == [-800_000, 0, 5_000_000])
    }
  }

  @Test("that COPY cannot take go by INSERT, and what a column refuses is refused")
  func withoutBinaryForm() async throws {
    try await TestDatabase.with { database in
      try await database.execute(
        "CREATE TYPE mood AS ENUM ('fine', 'bad'); CREATE TABLE t (id int PRIMARY KEY, mood mood, ip inet)")
      let dataset = try await database.store.install(DatasetProposal(table: "t"))
      let rows = (0..<1_200).map { id -> [ColumnValue] in [.int(Int64(id)), "bad", "10.0.0.1/32"] }
      let batch = try Self.batch(dataset, rows)
      try await database.store.withTransaction { try await $0.insert(batch, into: dataset.name) }
      #expect(try await database.value("SELECT count(*) FROM t WHERE mood = 'bad'") == 1_200)
      let wrong = try Self.batch(dataset, [[.int(-1), "worse", .null]])
      #expect(
        await tokyoError {
          try await database.store.withTransaction { try await $0.insert(wrong, into: dataset.name) }
        }?.code == .valueOutOfRange)
    }
  }

  @Test("of a typed table: inserted, updated, replaced and deleted, each in one statement")
  func typed() async throws {
    try await EventTable.with { events in
      let table = try Table("events", of: Item.self, key: \.id, time: \.at)
      try await events.execute(
        """
        CREATE TABLE statements (kind text);
        CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN INSERT INTO statements VALUES (TG_OP); RETURN NULL; END $$;
        CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON events
          FOR EACH STATEMENT EXECUTE FUNCTION note()
        """)
      #expect(try await events.store.insertMany(Self.items(0..<9_000, events.today), into: table) == 9_000)
      #expect(try await events.database.value("SELECT count(*) FROM statements") == 1)
      try await events.execute("TRUNCATE statements")

      let some = try table.batch(of: Self.items(0..<900, events.today, note: "x"))
      let updated = try await events.store.withTransaction {
        try await $0.update(some, in: table.dataset.name)
      }
      #expect(updated == 900)
      #expect(try await events.database.value("SELECT count(*) FROM events WHERE note = 'x'") == 900)
      let deleted = try await events.store.withTransaction {
        try await $0.delete(some, from: table.dataset.name)
      }
      #expect(deleted == 900)
      #expect(try await events.ids() == Array(900..<9_000))
      let kinds = try await events.database.value("SELECT string_agg(kind, ' ') FROM statements")
      #expect(kinds == "UPDATE DELETE")

      let item = Item(id: 1_000, at: events.today.start, note: "one")
      #expect(try await events.store.update(item, in: table) == 1)
      try await events.store.upsert(item, Item(id: 1, at: events.today.start, note: nil), into: table)
      #expect(try await events.store.delete(item, from: table) == 1)
      #expect(try await events.store.delete(item, from: table) == 0)
      #expect(
        await tokyoError { try await events.store.insert(Item(id: 1, at: events.today.start), into: table) }?
          .code
          == .conflict)
      let read = try await events.store.query("SELECT id, note FROM events WHERE id < 901 ORDER BY id")
      let tuples = try read.decode((Int64, String?).self)
      #expect(tuples.map(\.0) == [1, 900])
    }
  }

  @Test("of a partitioned table find their rows in the partitions of their days")
  func partitioned() async throws {
    try await EventTable.with(created: EventTable.partitioned) { events in
      let table = try Table("events", of: Item.self, key: \.id, \.at, time: \.at)
      let rows = (0..<10).map { Item(id: 7, at: events.day(ago: $0).start, note: "\($0)") }
      #expect(try await events.store.insertMany(rows, into: table) == 10)
      let changed = rows.filter { $0.note == "3" || $0.note == "4" }
      let updated = try await events.store.withTransaction { transaction in
        try await transaction.update(
          table.batch(of: changed.map { Item(id: 7, at: $0.at, note: "new") }), in: table.dataset.name)
      }
      #expect(updated == 2)
      #expect(try await events.database.value("SELECT count(*) FROM events WHERE note = 'new'") == 2)
    }
  }

  @Test("the row that only the lake has, among others, is named by its day, and nothing is changed")
  func coldAmongOthers() async throws {
    try await EventTable.with { events in
      try await events.insert(1, ago: 5)
      try await events.insert(2, ago: 2)
      try await events.makeCold(ago: 5)
      let table = try Table("events", of: Item.self, key: \.id, time: \.at)
      let rows = [2: 2, 1: 5].map { Item(id: Int64($0.key), at: events.day(ago: $0.value).start, note: "x") }
      let error = await tokyoError {
        _ = try await events.store.withTransaction {
          try await $0.update(table.batch(of: rows), in: events.name)
        }
      }
      #expect(error?.code == .daysUnavailable)
      #expect(error?.context.day == events.day(ago: 5))
      #expect(try await events.database.value("SELECT count(*) FROM events WHERE note = 'x'") == 0)
    }
  }

  private static func batch(_ dataset: Dataset, _ rows: [[ColumnValue]]) throws -> ColumnBatch {
    var builder = ColumnBatchBuilder(dataset.schema, capacity: rows.count)
    for row in rows { try builder.append(row: row) }
    return try builder.finish()
  }
}

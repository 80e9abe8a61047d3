import Synchronization
import Testing
import TokyoDataCore

@testable import TokyoDataPostgres

@Suite("Reading in parts on one snapshot")
struct CopyOutTests {
  private struct Stop: Error {}

  /// 10,000 rows of ten days, some without time.
  private static let table: PostgresStatement = """
    CREATE TABLE events (id int8 PRIMARY KEY, at timestamptz, name text);
    INSERT INTO events SELECT i, CASE WHEN i % 100 = 0 THEN NULL
      ELSE timestamptz '2026-11-01 00:00:00Z' + i * interval '86.4 seconds' END, 'event ' || i
    FROM generate_series(0, 9999) i
    """

  /// What came: how often each key, and which parts.
  private final class Seen: Sendable {
    private let state = Mutex((keys: [Int64: Int](), parts: [String]()))

    func note(_ part: PostgresPart, _ batch: ColumnBatch) {
      state.withLock { state in
        for row in 0..<batch.rowCount { state.keys[batch.columns[0].integer(row), default: 0] += 1 }
      }
    }

    /// - Returns: the part's number in the order in which parts begin.
    @discardableResult
    func note(_ part: PostgresPart) -> Int {
      state.withLock { state in
        state.parts.append(part.name)
        return state.parts.count - 1
      }
    }

    var parts: [String] { state.withLock { $0.parts.sorted() } }

    /// Each key from 0 on once.
    func isWhole(_ count: Int64) -> Bool {
      state.withLock { state in
        state.keys.count == Int(count) && (0..<count).allSatisfy { state.keys[$0] == 1 }
      }
    }
  }

  @Test(
    "brings every row exactly once, however it is split",
    arguments: [
      .whole, .days(of: "at"), .keys(of: "id", parts: 7), .keys(of: "id", at: [0, 5, 9_000]),
    ] as [PostgresSplit], [1, 3, 50])
  func onceEach(split: PostgresSplit, workers: Int) async throws {
    try await TestDatabase.with { database in
      try await database.execute(Self.table)
      let seen = Seen()
      try await database.store.copyOut(table: "events", by: split, workers: workers) { part, batches in
        seen.note(part)
        for try await batch in batches { seen.note(part, batch) }
      }
      #expect(seen.isWhole(10_000))
      #expect(Set(seen.parts).count == seen.parts.count)
      if split == .days(of: "at") {
        #expect(seen.parts == (1...10).map { $0 < 10 ? "2026-11-0\($0)" : "2026-11-10" } + ["undated"])
      }
      #expect(
        try await database.value(
          "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'"
        ) == 0)
    }
  }

  @Test("shows all workers what was there when it began, whatever is written meanwhile")
  func snapshot() async throws {
    try await TestDatabase.with { database in
      try await database.execute(Self.table)
      let seen = Seen()
      let sessions = Mutex(Set<Int32>())
      try await database.store.copyOut(
        table: "public", "events", by: .keys(of: "id", parts: 40), workers: 3
      ) { part, batches in
        let number = seen.note(part)
        let process = await batches.connection.processID
        sessions.withLock { _ = $0.insert(process) }
        // Rows come, go and move from part to part while others are read.
        try await database.execute(
          """
          INSERT INTO events VALUES (\(20_000 + number), NULL, 'new');
          DELETE FROM events WHERE id = (SELECT max(id) FROM events WHERE id < 10000);
          UPDATE events SET id = -id WHERE id BETWEEN \(number * 100) AND \(number * 100 + 9)
          """)
        for try await batch in batches { seen.note(part, batch) }
      }
      #expect(seen.isWhole(10_000))
      #expect(seen.parts.count == 40)
      #expect(sessions.withLock(\.count) >= 1)
    }
  }

  @Test("uses as many sessions as were asked for where the pool has them")
  func workers() async throws {
    try await TestDatabase.with { database in
      try await database.execute(Self.table)
      let present = Mutex(0)
      let (all, arrivals) = AsyncStream<Void>.makeStream()
      // No part ends before the third has begun, so there are three workers or this never ends.
      try await database.store.copyOut(table: "events", by: .keys(of: "id", parts: 3), workers: 3) { _, _ in
        let count = present.withLock { count in
          count += 1
          return count
        }
        if count == 3 { arrivals.finish() }
        for await _ in all {}
      }
      #expect(present.withLock(\.self) == 3)
    }
  }

  @Test("goes on with the next part where a reader leaves one", arguments: [1, 3])
  func left(workers: Int) async throws {
    try await TestDatabase.with { database in
      // A part is more than what lies between server and client, so the rest of it has to be canceled.
      try await database.execute(
        """
        CREATE TABLE wide AS SELECT id, repeat('x', 100000) AS text FROM generate_series(0::int8, 799) id
        """)
      let seen = Seen()
      try await database.store.copyOut(
        table: "wide", by: .keys(of: "id", parts: 4), workers: workers, batch: BatchSize(rows: 1)
      ) { part, batches in
        seen.note(part)
        for try await _ in batches { return }
      }
      #expect(Set(seen.parts).count == 4)
      #expect(database.store.pool.counts.used == 0)
    }
  }

  @Test("is done by one session where the pool has no more")
  func smallPool() async throws {
    try await TestDatabase.with { database in
      try await database.execute(Self.table)
      let store = PostgresHotStore(
        try TestService.plain.configuration(with: ["dbname": database.name]), maximumConnections: 1)
      let seen = Seen()
      try await store.copyOut(table: "events", by: .days(of: "at"), workers: 4) { part, batches in
        for try await batch in batches { seen.note(part, batch) }
      }
      #expect(seen.isWhole(10_000))
      await store.close()
    }
  }

  @Test("ends everywhere when one worker fails, and every session comes back")
  func failure() async throws {
    try await TestDatabase.with { database in
      try await database.execute(Self.table)
      let started = Mutex(0)
      await #expect(throws: Stop.self) {
        try await database.store.copyOut(
          table: "events", by: .keys(of: "id", parts: 30), workers: 4, batch: BatchSize(rows: 10)
        ) { _, batches in
          let number = started.withLock { count in
            count += 1
            return count
          }
          // Those beside the one that fails, and after it, end by nothing but the cancellation.
          if number > 5 { await untilCanceled() }
          for try await _ in batches where number == 5 { throw Stop() }
        }
      }
      #expect(started.withLock(\.self) <= 8)
      #expect(database.store.pool.counts.used == 0)
      #expect(try await database.store.query("SELECT count(*) FROM events").row(0) == [10_000])
    }
  }

  @Test("ends everywhere when its task is canceled")
  func canceled() async throws {
    try await TestDatabase.with { database in
      try await database.execute(Self.table)
      let (started, continuation) = AsyncStream<Void>.makeStream()
      let reading = Task {
        try await database.store.copyOut(table: "events", by: .keys(of: "id", parts: 4)) { _, batches in
          for try await _ in batches {}
          continuation.yield()
          // Until the cancellation.
          for await _ in AsyncStream<Void>.makeStream().stream {}
          try Task.checkCancellation()
        }
      }
      var starts = started.makeAsyncIterator()
      await starts.next()
      reading.cancel()
      await #expect(throws: CancellationError.self) { try await reading.value }
      #expect(database.store.pool.counts.used == 0)
    }
  }

  @Test("refuses splits that do not fit the table, and a transaction pooler")
  func refused() async throws {
    try await TestDatabase.with { database in
      try await database.execute(Self.table)
      for split in [
        .days(), .days(of: "id"), .keys(of: "name", parts: 2), .keys(of: "id", at: [2, 1]),
        .keys(of: "id", at: [1, 1]),
      ] as [PostgresSplit] {
        let error = await #expect(throws: TokyoDataError.self) {
          try await database.store.copyOut(table: "events", by: split) { _, _ in }
        }
        #expect(error?.code == .invalidArgument)
      }
      var configuration = try TestService.plain.configuration(with: ["dbname": database.name])
      configuration.isBehindTransactionPooler = true
      let pooled = PostgresHotStore(configuration)
      let error = await #expect(throws: TokyoDataError.self) {
        try await pooled.copyOut(table: "events", by: .whole) { _, _ in }
      }
      #expect(error?.code == .unsupported)
      await pooled.close()
    }
  }
}

/// Returns when the task is canceled.
private func untilCanceled() async {
  let (silence, continuation) = AsyncStream<Never>.makeStream()
  for await _ in silence {}
  withExtendedLifetime(continuation) {}
}

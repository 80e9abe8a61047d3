internal import BenchSupport
internal import TokyoData

/// A table of PostgreSQL whose older days lie in a lake only, one of them with rows that came late.
struct ColdDays {
  static let name = "invoices"
  /// How many days stay in PostgreSQL besides today.
  private static let hotDays = 7
  /// How many days are cold.
  static let count = 30
  /// How many days before today rows come late.
  private static let lateDay = 20

  let rowsPerDay: Int

  /// The last so many days that are cold.
  static func days(before today: Day) -> ClosedRange<Day> {
    today.advanced(by: -hotDays - count)...today.advanced(by: -hotDays - 1)
  }

  /// Makes the table and the lake, exports and retires, then writes late.
  func make(on hot: PostgresHotStore, _ lake: Lake) async throws {
    try await hot.execute(
      """
      CREATE TABLE invoices (
        id bigint PRIMARY KEY, status text NOT NULL, total numeric(12, 2) NOT NULL, issued_at timestamptz NOT NULL)
      """)
    try await hot.execute("CREATE INDEX ON invoices (issued_at)")
    let dataset = try await hot.install(
      DatasetProposal(
        table: Self.name, timeColumn: "issued_at", policy: DatasetPolicy(hotDays: Self.hotDays)))
    try await insert(hot, days: Self.hotDays + Self.count)
    let etl = ETL(from: hot, to: lake)
    _ = try await etl.export(dataset.name)
    let retired = try await etl.retire(dataset.name).days.filter { $0.outcome == .retired }
    guard retired.count == Self.count else { throw BenchError("\(retired.count) days were retired") }
    // A row of the copy is replaced, and one is added.
    try await hot.execute(
      """
      INSERT INTO invoices SELECT \(Int64(Self.lateDay * 1_000_000)) + n, 'late', 1, now() - interval '20 days'
      FROM (VALUES (1), (\(Int64(rowsPerDay + 1)))) AS late (n)
      """)
    try await hot.execute("ANALYZE invoices")
  }

  private func insert(_ hot: PostgresHotStore, days: Int) async throws {
    try await hot.execute(
      """
      INSERT INTO invoices
      SELECT day * 1000000::bigint + n, (ARRAY['paid', 'open', 'overdue', 'canceled'])[n % 4 + 1],
        (n * 7919 % 100000)::numeric / 100,
        date_trunc('day', now()) - day * interval '1 day' + n * interval '1 second'
      FROM generate_series(0, \(Int64(days))::int) AS day, generate_series(1, \(Int64(rowsPerDay))::int) AS n
      """)
  }
}

internal import BenchSupport
internal import TokyoDataPostgres

/// Payments of one day, written by `insertMany`.
struct InsertMany {
  struct Payment: DatasetRow, Codable {
    var id: Int64
    var customer: Int64
    var state: String
    var amount: Decimal128
    var paidAt: Timestamp
    var weight: Double
    var note: String?

    static let columns: [Column<Payment>] = [
      .init("id", \.id), .init("customer", \.customer), .init("state", \.state),
      .init("amount", \.amount, .decimal(precision: 12, scale: 2)), .init("paid_at", \.paidAt),
      .init("weight", \.weight), .init("note", \.note),
    ]
  }

  private let payments: [Payment]
  private let table: Table<Payment>

  /// Makes the rows, the same in every run of a day.
  init(rows: Int, on day: Day) throws {
    var random = SplitMix(seed: 2026)
    let states = ["paid", "open", "overdue", "canceled", "refunded"]
    let notes = ["by card", "by bank transfer, second reminder", "東京", "split with order \"7\"\n\tsee there"]
    let start = day.start.microsecondsSince1970
    payments = try (1...rows).map { id in
      Payment(
        id: Int64(id), customer: Int64(random.below(200_000)), state: states[random.below(states.count)],
        amount: try Decimal128(unscaled: Int128(random.below(10_000_000)), scale: 2),
        // A million of them fit into the day.
        paidAt: Timestamp(microsecondsSince1970: start + Int64(id) * 86_000 + Int64(random.below(86_000))),
        weight: Double(random.below(1 << 40)) / 1_024,
        note: random.below(3) == 0 ? notes[random.below(notes.count)] : nil)
    }
    table = try Table("payments", key: \.id, time: \.paidAt)
  }

  /// The seconds from before the connection is opened until the rows are committed, and the rows.
  ///
  /// Then, so that what the server holds can be held against the rows: the sums of the customers, of the
  /// amounts' hundredths and of the times' microseconds, and the bytes of the notes.
  func run(on server: String) async throws -> String {
    let store = PostgresHotStore(server)
    let clock = ContinuousClock()
    let start = clock.now
    let rows = try await store.insertMany(payments, into: table)
    let time = clock.now - start
    await store.close()
    let customers = payments.reduce(0) { $0 + $1.customer }
    let amounts = payments.reduce(0) { $0 + $1.amount.unscaled }
    let times = payments.reduce(Int128(0)) { $0 + Int128($1.paidAt.microsecondsSince1970) }
    let bytes = payments.reduce(0) { $0 + ($1.note?.utf8.count ?? 0) }
    return "\(time.seconds) \(rows) \(customers) \(amounts) \(times) \(bytes)"
  }
}

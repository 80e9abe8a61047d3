// snippet: router
import TokyoData

struct Invoice: DatasetRow, Codable, Sendable {
  var id: Int64, customerID: Int64, status: String, amount: Decimal128, issuedAt: Timestamp
  static let columns: [Column<Invoice>] = [
    .init("id", \.id), .init("customer_id", \.customerID), .init("status", \.status),
    .init("amount", \.amount, .decimal(12, 2)), .init("issued_at", \.issuedAt),
  ]
}

func revenueByMonth(in twoYears: Range<Timestamp>) async throws {
  let invoices = try Table("invoices", of: Invoice.self, key: \.id, time: \.issuedAt)
  let router = Router(
    hot: PostgresHotStore("postgresql://app@db/billing"),
    cold: LakeColdStore(try Lake.local(folder: "/srv/lake")))
  let revenue = try await router.fetch(
    invoices.query.time(in: twoYears).filter(\.status == "paid")
      .group(by: .month).select(.sum(\.amount), .count).order(by: "month"))
  for (month, total, count) in try revenue.decode((Day, Decimal128, Int).self) {
    print(month, total, count)
  }
  print(revenue.plan)  // which days came from hot, which from the lake, and why
}
// end snippet

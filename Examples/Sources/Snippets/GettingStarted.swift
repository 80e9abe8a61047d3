import TokyoData

// snippet: laptop
/// Both tiers without a server: hot in memory, the lake in a folder.
func firstSteps(folder: String) async throws {
  let invoices = try Table("invoices", of: Invoice.self, key: \.id, time: \.issuedAt)
  let hot = InMemoryHotStore()
  let lake = try Lake.local(folder: folder)
  try await hot.install(invoices.dataset)

  try await hot.withTransaction { transaction in
    try await transaction.insert(
      Invoice(
        id: 1, customerID: 7, status: "paid", amount: Decimal128(unscaled: 1250, scale: 2),
        issuedAt: Timestamp(microsecondsSince1970: 1_760_000_000_000_000)),
      into: invoices)
  }

  let etl = ETL(from: hot, to: lake)
  _ = try await etl.export(invoices.dataset.name)  // finished days get a copy in the lake
  _ = try await etl.retire(invoices.dataset.name)  // days older than 90 days leave hot

  let router = Router(hot: hot, cold: LakeColdStore(lake))
  let answer = try await router.fetch(invoices.query.filter(\.status == "paid").select(.count))
  print(answer.batch.row(0), answer.plan)
}
// end snippet

// snippet: postgres
func installInvoices(on server: String) async throws {
  let hot = PostgresHotStore(server)
  let dataset = try await hot.install(
    DatasetProposal(table: "invoices", timeColumn: "issued_at", policy: DatasetPolicy(hotDays: 90)))
  print(dataset.schema.fields.map { "\($0.name): \($0.type)" })
  await hot.close()
}
// end snippet

func transact(_ hot: PostgresHotStore, _ invoice: Invoice, _ invoices: Table<Invoice>) async throws {
  // snippet: transaction
  try await hot.withTransaction { transaction in
    try await transaction.insert(invoice, into: invoices)
    try await transaction.execute(
      "UPDATE customers SET balance = balance - \(invoice.amount) WHERE id = \(invoice.customerID)")
  }
  // end snippet
}

func readRows(_ router: Router, _ invoices: Table<Invoice>, _ days: ClosedRange<Day>) async throws {
  // snippet: rows
  // Rows as your own type, columns matched by name.
  let paid: [Invoice] = try await router.fetch(
    invoices.query.time(in: days).filter(\.status == "paid" && \.amount >= Decimal128(100))
  ).decode()

  // Groups as tuples, columns matched by position.
  let answer = try await router.fetch(
    invoices.query.time(in: days).group(by: .month).select(.sum(\.amount), .count).order(by: "month"))
  for (month, total, count) in try answer.decode((Day, Decimal128?, Int).self) {
    print(month, total.map { "\($0)" } ?? "no amounts", count)
  }
  // end snippet
  print(paid.count)
}

import TokyoData

func openStore() async throws {
  // snippet: open
  var pool = PostgresPoolConfiguration(minimumConnections: 2, maximumConnections: 16)
  pool.leaseTimeout = .seconds(3)  // then an error instead of a longer queue
  let hot = PostgresHotStore(
    PostgresConfiguration("postgresql://app@db/billing?sslmode=verify-full"), pool: pool)
  // end snippet
  await hot.close()
}

func ask(_ hot: PostgresHotStore, _ customer: Int64) async throws {
  // snippet: query
  let rows = try await hot.query(
    "SELECT id, status FROM invoices WHERE customer_id = \(customer) ORDER BY id")
  for (id, status) in try rows.decode((Int64, String?).self) {
    print(id, status ?? "no status")
  }
  // end snippet
}

func stream(_ hot: PostgresHotStore, _ handle: (ColumnBatch) async throws -> Void) async throws {
  // snippet: stream
  try await hot.withConnection { connection in
    try await connection.withStream("SELECT * FROM invoices", timeout: .seconds(60)) { batches in
      for try await batch in batches { try await handle(batch) }
    }
  }
  // end snippet
}

func write(
  _ hot: PostgresHotStore, _ invoices: Table<Invoice>, _ invoice: Invoice, _ many: [Invoice]
) async throws {
  // snippet: write
  try await hot.insert(invoice, into: invoices)
  try await hot.insertMany(many, into: invoices)  // by binary COPY from 1,000 rows on
  try await hot.upsert(invoice, into: invoices)
  let changed = try await hot.update(invoice, in: invoices)  // 0: no such row in hot
  // end snippet
  print(changed)
}

func bulk(
  _ hot: PostgresHotStore, _ invoices: Table<Invoice>,
  _ incoming: AsyncThrowingStream<ColumnBatch, any Error>,
  _ lastMonth: ClosedRange<Day>, _ write: @escaping @Sendable (ColumnBatch, String) async throws -> Void
) async throws {
  // snippet: copy-out
  try await hot.withConnection { connection in
    try await connection.withCopyOut("SELECT * FROM invoices WHERE status = \("paid")") { batches in
      for try await batch in batches { try await write(batch, "paid") }
    }
  }
  // end snippet
  // snippet: copy-parts
  try await hot.copyOut(of: invoices.dataset.name, by: .days(lastMonth), workers: 4) { part, batches in
    for try await batch in batches { try await write(batch, part.name) }
  }
  // end snippet
  // snippet: copy-in
  let added = try await hot.copyIn(incoming, into: invoices.dataset.name)
  // end snippet
  print(added)
}

func transfer(_ hot: PostgresHotStore, _ amount: Decimal128, _ source: Int64, _ target: Int64) async throws {
  // snippet: retries
  try await hot.withTransaction(level: .serializable, retries: 5) { transaction in
    try await transaction.execute(
      "UPDATE customers SET balance = balance - \(amount) WHERE id = \(source)")
    try await transaction.execute(
      "UPDATE customers SET balance = balance + \(amount) WHERE id = \(target)")
  }
  // end snippet
}

func savepoint(_ hot: PostgresHotStore, _ id: Int64) async throws {
  // snippet: savepoint
  try await hot.withTransaction(level: .readCommitted) { transaction in
    try await transaction.execute("UPDATE invoices SET status = 'sent' WHERE id = \(id)")
    do {
      try await transaction.withSavepoint { inner in
        try await inner.execute("INSERT INTO letters (invoice_id) VALUES (\(id))")
      }
    } catch SQLState.uniqueViolation {
      // The letter was there already; the update above stands.
    }
  }
  // end snippet
}

func outcome(_ hot: PostgresHotStore, _ id: Int64) async throws {
  // snippet: outcome
  do {
    try await hot.withTransaction(level: .readCommitted) { transaction in
      try await transaction.execute("INSERT INTO payments (id) VALUES (\(id))")
    }
  } catch let error as TokyoDataError {
    guard let cause = error.cause as? PostgresError, cause.code == .outcomeUnknown else { throw error }
    // The session ended during COMMIT: look, with a key of your own, before trying again.
    let found = try await hot.query("SELECT count(*) AS found FROM payments WHERE id = \(id)")
    print(found.row(0))
  }
  // end snippet
}

func listen(_ hot: PostgresHotStore, _ readAll: () async throws -> Void) async throws {
  // snippet: listen
  for try await event in hot.notifications(on: "invoices") {
    switch event {
    case .listening: try await readAll()  // at first, and wherever something may have been missed
    case .notification(let notification): print(notification.payload)
    @unknown default: break
    }
  }
  // end snippet
}

func behindPooler() -> PostgresHotStore {
  // snippet: pooler
  var configuration = PostgresConfiguration("postgresql://app@pgbouncer:6432/billing")
  configuration.isBehindTransactionPooler = true
  let hot = PostgresHotStore(configuration)
  // end snippet
  return hot
}

import TokyoData

func openAthena(_ hot: PostgresHotStore) throws {
  // snippet: open
  let session = try AWSSession()
  let layout = try LakeLayout()
  let lake = Lake(
    try S3ObjectStore(bucket: "billing-lake", session: session),
    try GlueCatalog(database: "billing", bucket: "billing-lake", layout: layout, session: session),
    layout: layout)
  let cold = AthenaColdStore(lake, database: "billing", workgroup: "reports", session: session)
  let router = Router(hot: hot, cold: cold)
  // end snippet
  _ = router
}

func askInSQL(_ cold: AthenaColdStore, _ hot: PostgresHotStore, _ region: String) async throws {
  let (first, last) = (Day(daysSince1970: 19_000), Day(daysSince1970: 19_365))
  let orders = try DatasetName("orders")
  // snippet: statement
  let rows = try await cold.fetch(
    """
    SELECT o.status, count(*) AS orders, sum(o.amount) AS total
    FROM \(dataset: orders, days: first...last) AS o
    WHERE o.region = \(region)
    GROUP BY o.status
    """, pinnedBy: hot)
  for (status, count, total) in try rows.batch.decode((String, Int, Decimal128?).self) {
    print(status, count, total ?? 0)
  }
  print(rows.receipt.scannedBytes, rows.receipt.dollars, rows.receipt.queryID)
  // end snippet
}

func streamRows(_ cold: AthenaColdStore, _ hot: PostgresHotStore) async throws {
  let orders = try DatasetName("orders")
  // snippet: stream
  let receipt = try await cold.read("SELECT id, amount FROM \(dataset: orders)", pinnedBy: hot) { batch in
    print(batch.rowCount)  // the next batch waits until this one is dealt with
  }
  // end snippet
  _ = receipt
}

func askAgain(
  _ cold: AthenaColdStore, _ hot: PostgresHotStore, _ statement: SQLStatement, kept token: String
) async throws {
  // snippet: resume
  // Kept before the first start: the same token finds the same query, and nothing is paid twice.
  let rows = try await cold.fetch(statement, pinnedBy: hot, token: token)
  // Or by the id that Athena gave.
  let again = try await cold.resume(rows.receipt.queryID)
  // end snippet
  _ = again
}

func limitCost(_ lake: Lake, _ session: AWSSession) throws {
  // snippet: budget
  var options = AthenaOptions()
  options.budget = try AthenaBudget(dollarsPerQuery: 0.50, dollarsPerDay: 20)
  let cold = AthenaColdStore(
    lake, database: "billing", workgroup: "reports", session: session, options: options)
  // end snippet
  _ = cold
}

func lookBefore(_ router: Router, _ query: Query) async throws {
  // snippet: estimate
  let plan = try await router.explain(query)
  print(plan.estimate.bytes, plan.estimate.dollars)  // before

  let answer = try await router.fetch(query)
  print(answer.cost.scannedBytes, answer.cost.dollars)  // after
  // end snippet
}

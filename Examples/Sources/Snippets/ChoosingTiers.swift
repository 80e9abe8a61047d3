import TokyoData

func declareNeeds(_ router: Router, _ invoices: Table<Invoice>, _ range: Range<Timestamp>) async throws {
  // snippet: needs
  let query = invoices.query.time(in: range).group(by: .month).select(.sum(\.amount))

  // Prefers the lake where its copy surely equals hot.
  let analysis = query.needing(QueryNeeds(kind: .analytics))
  // Each day as of its own export is enough.
  let report = query.needing(QueryNeeds(kind: .analytics, freshness: .asOfExport))
  // Hot only: a retired day in the range is an error …
  let screen = query.needing(QueryNeeds(latency: .realtime))
  // … or is left out, and the answer says so.
  let partial = query.needing(QueryNeeds(latency: .realtime, acceptPartial: true))
  // end snippet
  for query in [analysis, report, screen, partial] { _ = try await router.explain(query) }
}

func askFirst(_ router: Router, _ invoices: Table<Invoice>, _ range: Range<Timestamp>) async throws {
  let query = invoices.query.time(in: range).group(by: .month).select(.sum(\.amount))
  // snippet: explain
  let plan = try await router.explain(query)
  guard plan.estimate.bytes < 10_000_000_000 else { return }

  let answer = try await router.fetch(query)
  print(answer.plan)  // a line for each run of days that are served alike
  print(answer.read.hotRows, answer.read.coldRows, answer.read.summaryRows)
  print(answer.asOf, answer.cost.dollars, answer.isPartial, answer.daysLeftOut)
  // end snippet
}

// snippet: policy
/// Sends declared batch work to the lake as analytics would go, and leaves the rest to the matrix.
struct NightlyPolicy: RoutingPolicy {
  func decision(for day: DayCoverage, in input: RoutingInput) -> DayDecision {
    if input.needs.latency == .batch, day.state == .both, input.dataset.isDated,
      input.differenceOfCopy(of: day.day) == nil
    {
      return DayDecision(.cold, "nightly work, and the copy equals hot")
    }
    return DecisionMatrix().decision(for: day, in: input)
  }
}

func nightlyRouter(_ hot: PostgresHotStore, _ lake: Lake) -> Router {
  Router(hot: hot, cold: LakeColdStore(lake), policy: NightlyPolicy())
}
// end snippet

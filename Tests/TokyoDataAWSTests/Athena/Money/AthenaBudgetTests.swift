import Synchronization
import Testing
import TokyoDataCore
import TokyoDataTesting

@testable import TokyoDataAWS

@Suite("AthenaBudget")
struct AthenaBudgetTests {
  let day = Day(daysSince1970: 20_454)
  let terabyte = 1_000_000_000_000

  @Test("lets a query through whose estimate costs no more than a query may, and refuses one more byte")
  func perQuery() throws {
    let budget = try AthenaBudget(dollarsPerQuery: 5)
    _ = try budget.reserve(estimate: terabyte, on: day)
    let error = #expect(throws: TokyoDataError.self) { try budget.reserve(estimate: terabyte + 1, on: day) }
    #expect(error?.code == .budgetExceeded)
    #expect(error?.isRetryable == false)
  }

  @Test("counts the ten megabytes of a query that is thought to scan one byte")
  func minimum() throws {
    let budget = try AthenaBudget(dollarsPerDay: 0.0001)
    _ = try budget.reserve(estimate: 1, on: day)
    _ = try budget.reserve(estimate: 1, on: day)
    #expect(throws: TokyoDataError.self) { try budget.reserve(estimate: 1, on: day) }
  }

  @Test("charges what a query scanned, not what it was thought to")
  func settled() throws {
    let budget = try AthenaBudget(dollarsPerDay: 10)
    let first = try budget.reserve(estimate: 2 * terabyte, on: day)
    #expect(throws: TokyoDataError.self) { try budget.reserve(estimate: 1, on: day) }
    budget.settle(first, billedBytes: terabyte)
    #expect(budget.dollarsSpent(on: day) == 5)
    let second = try budget.reserve(estimate: terabyte, on: day)
    budget.settle(second, billedBytes: 3 * terabyte)
    #expect(budget.dollarsSpent(on: day) == 20)
    #expect(throws: TokyoDataError.self) { try budget.reserve(estimate: 1, on: day) }
  }

  @Test("begins anew with each day of UTC; what was sent the day before is the day before's")
  func days() throws {
    let budget = try AthenaBudget(dollarsPerDay: 5)
    let evening = try budget.reserve(estimate: terabyte, on: day)
    let morning = try budget.reserve(estimate: terabyte, on: day.next)
    budget.settle(evening, billedBytes: terabyte)
    #expect(budget.dollarsSpent(on: day.next) == 0)
    budget.settle(morning, billedBytes: terabyte)
    #expect(budget.dollarsSpent(on: day.next) == 5)
    #expect(budget.dollarsSpent(on: day) == 0)
  }

  @Test("sets aside all that a query may cost where nobody knows what it will scan")
  func unknown() throws {
    let budget = try AthenaBudget(dollarsPerQuery: 4, dollarsPerDay: 10)
    _ = try budget.reserve(estimate: nil, on: day)
    _ = try budget.reserve(estimate: nil, on: day)
    #expect(throws: TokyoDataError.self) { try budget.reserve(estimate: nil, on: day) }
    _ = try AthenaBudget(dollarsPerDay: 0.00005).reserve(estimate: nil, on: day)
  }

  @Test("cannot be overspent by 64 queries at once")
  func parallel() async throws {
    let budget = try AthenaBudget(dollarsPerDay: 50)
    let day = day
    let terabyte = terabyte
    let granted = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<64 {
        group.addTask {
          guard let reservation = try? budget.reserve(estimate: terabyte, on: day) else { return false }
          await Task.yield()
          budget.settle(reservation, billedBytes: terabyte)
          return true
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(granted == 10)
    #expect(budget.dollarsSpent(on: day) == 50)
  }

  @Test("takes no amounts that are none", arguments: [-1.0, .infinity, .nan])
  func nonsense(_ dollars: Double) {
    #expect(throws: TokyoDataError.self) { try AthenaBudget(dollarsPerDay: dollars) }
    #expect(throws: TokyoDataError.self) { try AthenaBudget(dollarsPerQuery: dollars) }
  }
}

@Suite("Budgets and queries, with an Athena by script")
struct AthenaSpendingTests {
  let athena = AthenaStandIn()

  func run(_ budget: AthenaBudget, estimate: Int? = nil) async throws {
    var request = AthenaRequest(AthenaStatement(sql: "SELECT 1"))
    request.queueDeadline = .seconds(100_000)
    request.runDeadline = .seconds(100_000)
    request.way = .pages
    request.attempts = 3
    request.budget = budget
    request.estimatedBytes = estimate
    let sent = request
    _ = try await athena.passing { [engine = athena.engine] in try await engine.run(sent) { _ in } }
  }

  var today: Day { athena.clock.now.timestamp.day }

  @Test("a query beyond the budget is not sent")
  func notSent() async throws {
    let budget = try AthenaBudget(dollarsPerQuery: 0.001)
    let error = await #expect(throws: TokyoDataError.self) { try await run(budget, estimate: 1_000_000_000) }
    #expect(error?.code == .budgetExceeded)
    #expect(athena.state.withLock { $0.tokens.isEmpty })
  }

  @Test("a query is charged with what it scanned, also where its result cannot be read")
  func charged() async throws {
    let budget = try AthenaBudget(dollarsPerDay: 1)
    await #expect(throws: TokyoDataError.self) { try await run(budget, estimate: 1) }
    #expect(budget.dollarsSpent(on: today) == AthenaPrice().dollars(billedBytes: 25_000_000))
  }

  @Test("a query that failed costs nothing, and gives back what was set aside")
  func failed() async throws {
    athena.set { $0.script = [AthenaStandIn.failed(2, 1000)] }
    let budget = try AthenaBudget(dollarsPerDay: 0.00005)
    for _ in 0..<3 {
      let error = await #expect(throws: TokyoDataError.self) { try await run(budget, estimate: 1) }
      #expect(error?.code == .invalidArgument)
    }
    #expect(budget.dollarsSpent(on: today) == 0)
  }

  @Test("the workgroup's own cut-off is a budget's error, and what was scanned is charged")
  func cutOff() async throws {
    athena.set { $0.script = [AthenaStandIn.canceled("Query cancelled! : Bytes scanned limit was exceeded")] }
    let budget = try AthenaBudget(dollarsPerDay: 1)
    let error = await #expect(throws: TokyoDataError.self) { try await run(budget, estimate: 1) }
    #expect(error?.code == .budgetExceeded)
    #expect(budget.dollarsSpent(on: today) == AthenaPrice().dollars(billedBytes: 25_000_000))
  }
}

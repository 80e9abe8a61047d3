import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("A watch over queries", .timeLimit(.minutes(1)))
struct QueryWatchTests {
  let athena = AthenaStandIn()
  let gate = CallGate { $0.headers["x-amz-target"]?.hasSuffix("BatchGetQueryExecution") == true }

  func watch() -> QueryWatch {
    let client = athena.client.through(gate)
    return QueryWatch(athena: AthenaClient(client: client), clock: WaitingClock(client.time))
  }

  func wait(
    for id: String, in watch: QueryWatch, patience: Duration = .seconds(100_000)
  ) -> Task<WatchList.End, any Error> {
    Task { try await watch.end(of: id, within: .init(queue: patience, run: patience)) }
  }

  @Test("ends its look when the last who waited has left")
  func lastLeaves() async throws {
    let watch = watch()
    let tasks = [wait(for: "q1", in: watch), wait(for: "q2", in: watch)]
    try await athena.passing { [gate] in
      await gate.reached(1)
      tasks[0].cancel()
      await #expect(throws: CancellationError.self) { _ = try await tasks[0].value }
      #expect(gate.ended == 0, "somebody waits still")
      tasks[1].cancel()
      await #expect(throws: CancellationError.self) { _ = try await tasks[1].value }
      await gate.left(1)
    }
  }

  @Test("ends its look when the time of the last who waited is over")
  func lastExpires() async throws {
    let watch = watch()
    let task = wait(for: "q1", in: watch, patience: .seconds(30))
    try await athena.passing { [gate] in
      await gate.reached(1)
      guard case .expired(.queue) = try await task.value else {
        Issue.record("the query is not in the queue for ever")
        return
      }
      await gate.left(1)
    }
  }

  @Test("looks for those who came while it ended its look")
  func others() async throws {
    athena.set { $0.queries["q1"] = [AthenaStandIn.succeeded] }
    let watch = watch()
    gate.holdsCanceled(true)
    let first = wait(for: "q1", in: watch)
    try await athena.passing { [gate] in
      await gate.reached(1)
      first.cancel()
      await #expect(throws: CancellationError.self) { _ = try await first.value }
      let second = self.wait(for: "q1", in: watch)
      await gate.reached(2)
      gate.holdsCanceled(false)
      await gate.left(1)
      gate.open()
      guard case .ended(let query) = try await second.value else {
        Issue.record("the canceled look is not the second one's")
        return
      }
      #expect(query.queryExecutionId == "q1")
    }
  }
}

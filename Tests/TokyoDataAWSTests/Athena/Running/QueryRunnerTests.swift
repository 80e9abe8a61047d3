import Synchronization
import Testing
import TokyoDataCore
import TokyoDataTesting

@testable import TokyoDataAWS

@Suite("Queries on their way, with an Athena by script")
struct QueryRunnerTests {
  let athena = AthenaStandIn()

  func request(_ change: (inout AthenaRequest) -> Void = { _ in }) -> AthenaRequest {
    var request = AthenaRequest(AthenaStatement(sql: "SELECT 1"))
    request.queueDeadline = .seconds(100_000)
    request.runDeadline = .seconds(100_000)
    change(&request)
    return request
  }

  func run(_ request: AthenaRequest) async throws -> QueryRunner.Success {
    try await athena.passing { [runner = athena.runner] in
      try await runner.run(request) {
        AthenaQueryStart(queryString: request.statement.sql, clientRequestToken: $0)
      } ended: { _ in
      }
    }
  }

  @Test("are waited for through the queue, back into it, and to their end")
  func requeued() async throws {
    athena.set {
      $0.script = [
        AthenaStandIn.queued, AthenaStandIn.running, AthenaStandIn.queued, AthenaStandIn.running,
        AthenaStandIn.succeeded,
      ]
    }
    let success = try await run(request())
    #expect(success.query.status.state == .succeeded)
    #expect(success.attempts == 1)
    #expect(athena.state.withLock { $0.batches.count } == 5)
  }

  @Test("64 at once are looked at by batches, not one by one")
  func batches() async throws {
    athena.set { $0.script = [AthenaStandIn.queued, AthenaStandIn.running, AthenaStandIn.succeeded] }
    let request = request()
    let runner = athena.runner
    let count = try await athena.passing {
      try await withThrowingTaskGroup(of: Void.self, returning: Int.self) { group in
        for _ in 0..<64 {
          group.addTask {
            _ = try await runner.run(request) {
              AthenaQueryStart(queryString: "SELECT 1", clientRequestToken: $0)
            } ended: { _ in
            }
          }
        }
        var count = 0
        for try await _ in group { count += 1 }
        return count
      }
    }
    #expect(count == 64)
    let batches = athena.state.withLock { $0.batches }
    #expect(batches.allSatisfy { $0.count <= 50 })
    #expect(batches.count < 96, "64 queries with three looks each would be 192 calls: \(batches.count)")
  }

  @Test(
    "are started again and again while Athena says that there are too many, and no error reaches the caller")
  func throttledStarts() async throws {
    athena.set {
      $0.refusals["StartQueryExecution"] =
        Array(repeating: .error("TooManyRequestsException"), count: 20)
        + [.error("ThrottlingException"), .error("InternalServerException", status: 500)]
    }
    #expect(try await run(request()).query.status.state == .succeeded)
    #expect(athena.state.withLock { $0.tokens.count } == 1, "the token stays the same")
  }

  @Test("are looked at again while Athena does not answer looks")
  func throttledLooks() async throws {
    athena.set {
      $0.refusals["BatchGetQueryExecution"] =
        Array(repeating: .error("TooManyRequestsException"), count: 10)
        + Array(repeating: .error("InternalServerException", status: 500), count: 10)
    }
    #expect(try await run(request()).query.status.state == .succeeded)
  }

  @Test("that Athena does not take in time end in a timeout, and nothing runs")
  func neverTaken() async throws {
    athena.set {
      $0.refusals["StartQueryExecution"] = Array(
        repeating: .error("TooManyRequestsException"), count: 100_000)
    }
    let error = await #expect(throws: TokyoDataError.self) {
      _ = try await run(request { $0.queueDeadline = .seconds(60) })
    }
    #expect(error?.code == .timeout)
    #expect(athena.state.withLock { $0.tokens.isEmpty })
  }

  @Test("that never leave the queue end in a timeout, and are stopped")
  func neverRuns() async throws {
    athena.set { $0.script = [AthenaStandIn.queued] }
    let error = await #expect(throws: TokyoDataError.self) {
      _ = try await run(request { $0.queueDeadline = .seconds(30) })
    }
    #expect(error?.code == .timeout)
    #expect((error?.cause as? AthenaQueryFailure)?.state == "QUEUED")
    #expect(athena.state.withLock { $0.stopped } == ["q1"])
  }

  @Test("that run longer than they may end in a timeout, and are stopped")
  func runsLong() async throws {
    athena.set { $0.script = [AthenaStandIn.queued, AthenaStandIn.running] }
    let error = await #expect(throws: TokyoDataError.self) {
      _ = try await run(request { $0.runDeadline = .seconds(30) })
    }
    #expect(error?.code == .timeout)
    #expect((error?.cause as? AthenaQueryFailure)?.state == "RUNNING")
    #expect(athena.state.withLock { $0.stopped } == ["q1"])
  }

  @Test("are stopped in Athena when their task is canceled")
  func canceled() async throws {
    athena.set { $0.script = [AthenaStandIn.running] }
    let task = start(by: athena.runner)
    try await athena.passing { [athena] in
      while athena.state.withLock({ $0.batches.count < 2 }) { await Task.yield() }
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { _ = try await task.value }
    #expect(athena.state.withLock { $0.stopped } == ["q1"])
  }

  @Test("canceled while they wait to be taken leave no query behind")
  func canceledBefore() async throws {
    athena.set {
      $0.refusals["StartQueryExecution"] = Array(
        repeating: .error("TooManyRequestsException"), count: 100_000)
    }
    let task = start(by: athena.runner)
    try await athena.passing { [athena] in
      while athena.state.withLock({ $0.refusals["StartQueryExecution"]?.count ?? 0 > 99_990 }) {
        await Task.yield()
      }
      task.cancel()
      await #expect(throws: CancellationError.self) { _ = try await task.value }
    }
    #expect(athena.state.withLock { $0.queries.isEmpty })
  }

  @Test("canceled while Athena takes them are stopped, by the id that it tells", .timeLimit(.minutes(1)))
  func canceledWhileTaken() async throws {
    let gate = Self.starts
    let task = start(by: runner(through: gate))
    await gate.reached(1)
    task.cancel()
    gate.open()
    try await athena.passing(by: .milliseconds(1)) {
      _ = await #expect(throws: CancellationError.self) { _ = try await task.value }
    }
    #expect(athena.state.withLock { $0.stopped } == ["q1"])
  }

  @Test("canceled while Athena takes them all too slowly are waited for no longer", .timeLimit(.minutes(1)))
  func canceledAndNeverTaken() async throws {
    let gate = Self.starts
    let task = start(by: runner(through: gate))
    await gate.reached(1)
    task.cancel()
    try await athena.passing {
      _ = await #expect(throws: CancellationError.self) { _ = try await task.value }
    }
    #expect(gate.ended == 1)
    #expect(athena.state.withLock { $0.tokens.isEmpty })
  }

  /// Runs a query in a task of its own.
  private func start(by runner: QueryRunner) -> Task<QueryRunner.Success, any Error> {
    Task { [request = request()] in
      try await runner.run(request) {
        AthenaQueryStart(queryString: "SELECT 1", clientRequestToken: $0)
      } ended: { _ in
      }
    }
  }

  private static var starts: CallGate {
    CallGate { $0.headers["x-amz-target"]?.hasSuffix("StartQueryExecution") == true }
  }

  private func runner(through gate: CallGate) -> QueryRunner {
    let client = athena.client.through(gate)
    return QueryRunner(athena: AthenaClient(client: client), clock: WaitingClock(client.time))
  }

  @Test(
    "that failed have a code of ours, and Athena's category and type as the cause",
    arguments: [
      (1, 100, TokyoDataError.Code.serverError), (1, 5, .busy), (2, 1000, .invalidArgument),
      (2, 1001, .invalidData), (2, 1003, .permissionDenied), (2, 1004, .notFound),
      (2, 1006, .invalidArgument),
      (3, 206, .timeout), (3, 401, .permissionDenied), (3, 233, .serverError), (9, 9_999, .serverError),
    ])
  func failures(_ category: Int, _ type: Int, _ code: TokyoDataError.Code) async throws {
    athena.set { $0.script = [AthenaStandIn.failed(category, type)] }
    let error = await #expect(throws: TokyoDataError.self) { _ = try await run(request()) }
    #expect(error?.code == code)
    let failure = try #require(error?.cause as? AthenaQueryFailure)
    #expect(failure.category == category)
    #expect(failure.type == type)
    #expect(failure.queryID == "q1")
    #expect(error?.description.contains("secret") == false)
    #expect(failure.debugDescription.contains("secret words"))
    #expect(athena.state.withLock { $0.tokens.count } == 1)
  }

  @Test("that somebody else canceled are a server's error, and are not started again")
  func canceledByOthers() async throws {
    athena.set { $0.script = [AthenaStandIn.canceled("Query cancelled by user")] }
    let error = await #expect(throws: TokyoDataError.self) { _ = try await run(request()) }
    #expect(error?.code == .serverError)
    #expect(athena.state.withLock { $0.tokens.count } == 1)
  }

  @Test("that failed and may succeed the next time are started again, each time with a token of its own")
  func retried() async throws {
    athena.set {
      $0.scripts = [
        1: [AthenaStandIn.failed(1, 200, retryable: true)],
        2: [AthenaStandIn.failed(3, 233, retryable: true)],
      ]
    }
    let success = try await run(request { $0.token = String(repeating: "t", count: 32) })
    #expect(success.attempts == 3)
    #expect(success.query.queryExecutionId == "q3")
    let tokens = athena.state.withLock { $0.tokens }
    #expect(tokens.count == 3)
    #expect(tokens[String(repeating: "t", count: 32)] == "q1")
  }

  @Test("are started no more often than they may be")
  func retriesEnd() async throws {
    athena.set { $0.script = [AthenaStandIn.failed(1, 200, retryable: true)] }
    let error = await #expect(throws: TokyoDataError.self) { _ = try await run(request { $0.attempts = 2 }) }
    #expect(error?.code == .unavailable)
    #expect(error?.context.attempts == 2)
    #expect(athena.state.withLock { $0.tokens.count } == 2)
  }

  @Test("that Athena does not know are not found")
  func unknown() async throws {
    let runner = athena.runner
    let error = await #expect(throws: TokyoDataError.self) {
      _ = try await athena.passing {
        try await runner.finish("nobody", within: .init(queue: .seconds(1_000), run: .seconds(1_000))) { _ in
        }
      }
    }
    #expect(error?.code == .notFound)
  }

  @Test("that Athena refuses are not sent again")
  func refused() async throws {
    athena.set { $0.refusals["StartQueryExecution"] = [.error("InvalidRequestException")] }
    let error = await #expect(throws: TokyoDataError.self) { _ = try await run(request()) }
    #expect(error?.code == .invalidArgument)
    #expect(error?.cause is AWSServiceError)
    #expect(athena.state.withLock { $0.tokens.isEmpty })
  }
}

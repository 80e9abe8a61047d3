import Synchronization
import Testing
import TokyoDataCore

@testable import TokyoDataPostgres

/// Each test has its fault at the first message of a call, then at the second, and so on until the call has
/// no such message: that is every point where the call may wait.
@Suite("A fault at every message of a call")
struct FaultEverywhereTests {
  /// How a call ended: without error, or with one.
  private typealias Outcome = Result<Void, any Error>

  /// What is known of one round.
  private struct Round {
    let number: Int
    let outcome: Outcome
    /// The client has sent COMMIT, as far as the proxy knows.
    let hasCommitted: Bool
    let rows: Int

    var code: PostgresError.Code? {
      guard case .failure(let error) = outcome else { return nil }
      return (error as? PostgresError)?.code
    }

    var isCanceled: Bool {
      guard case .failure(let error) = outcome else { return false }
      return error is CancellationError
    }

    var isDone: Bool {
      guard case .success = outcome else { return false }
      return true
    }
  }

  /// Runs the call with the action at each of its messages, one after the other.
  private func atEveryMessage(
    of work: FaultWork, _ action: FaultProxy.Action, timeout: Duration? = nil,
    whenHeld act: (FaultBed, Task<Void, any Error>) async throws -> Void = { _, _ in },
    check: (Round) throws -> Void
  ) async throws {
    try await FaultBed.with { bed in
      try await FaultTable.with(bed) { table in
        for number in 1...200 {
          try await bed.expectCalm()
          let hasCommitted = Mutex(false)
          bed.proxy.arm { message, count in
            if message.isQuery("COMMIT\0") { hasCommitted.withLock { $0 = true } }
            return count == number ? action : .pass
          }
          let task = Task {
            defer { bed.proxy.note() }
            try await bed.pool.withConnection {
              try await work.run(on: $0, table: table.name, timeout: timeout)
            }
          }
          let first = await bed.proxy.nextEvent()
          if first == .held { try await act(bed, task) }
          bed.proxy.release()
          let outcome = await task.result
          var last = first
          while last != .noted { last = await bed.proxy.nextEvent() }
          if first == .noted {
            // There is no such message: all of the call went well.
            #expect(number > 3)
            #expect(throws: Never.self) { try outcome.get() }
            return
          }
          try await bed.expectCalm()
          try check(
            Round(
              number: number, outcome: outcome, hasCommitted: hasCommitted.withLock { $0 },
              rows: try await table.takeRows()))
        }
        Issue.record("the call has more messages than are believable")
      }
    }
  }

  /// Lost, and where a commit was under way the caller learns that the outcome is unknown.
  private func expectLoss(_ round: Round, _ work: FaultWork) {
    let message: Comment = "message \(round.number)"
    if round.hasCommitted { #expect(round.code == .outcomeUnknown, message) }
    if round.code != .outcomeUnknown { #expect(round.code == .connectionLost, message) }
    if work == .transaction, !round.hasCommitted { #expect(round.rows == 0, message) }
    if work != .transaction { #expect(round.code != .outcomeUnknown, message) }
    #expect(round.rows == 0 || round.rows == 3, message)
  }

  @Test("a connection that is cut is lost, and the next call works", arguments: FaultWork.allCases)
  func cut(work: FaultWork) async throws {
    try await atEveryMessage(of: work, .cut) { expectLoss($0, work) }
  }

  @Test("so is one that is cut within a message", arguments: FaultWork.allCases)
  func cutWithin(work: FaultWork) async throws {
    try await atEveryMessage(of: work, .cutAfter(bytes: 3)) { expectLoss($0, work) }
  }

  @Test("so is one whose session the server ends", arguments: FaultWork.allCases)
  func terminated(work: FaultWork) async throws {
    try await atEveryMessage(
      of: work, .hold,
      whenHeld: { bed, _ in
        try await bed.terminateSessions()
        bed.proxy.release()
        await bed.proxy.waitForEnd()
      },
      check: { round in
        // Where the server had said all but its last word, the call is done and only the session is lost.
        if round.isDone { #expect(round.rows == (work.writes ? 3 : 0)) } else { expectLoss(round, work) }
      })
  }

  @Test(
    "a task that is canceled throws so or is done, and its connection is used again",
    arguments: FaultWork.allCases)
  func canceled(work: FaultWork) async throws {
    try await atEveryMessage(of: work, .hold, whenHeld: { _, task in task.cancel() }) { round in
      // COMMIT runs its course; nothing else may count as done when the task was canceled before its end.
      let message: Comment = "message \(round.number)"
      if work == .transaction { #expect(round.isDone == round.hasCommitted, message) }
      #expect(round.isDone || round.isCanceled, message)
      if work == .transaction { #expect(round.rows == (round.isDone ? 3 : 0), message) }
      #expect(round.rows == 0 || round.rows == 3, message)
    }
  }

  @Test(
    "a server that says nothing more is left at the deadline, and its connection is used again",
    arguments: FaultWork.allCases.filter { $0 != .transaction })
  func slow(work: FaultWork) async throws {
    try await atEveryMessage(
      of: work, .hold, timeout: .milliseconds(30),
      whenHeld: { bed, _ in
        // The deadline makes the client ask the server to cancel; until then nothing moves.
        _ = await bed.proxy.nextEvent()
      },
      check: { #expect($0.code == .deadlineExceeded, "message \($0.number)") })
  }
}

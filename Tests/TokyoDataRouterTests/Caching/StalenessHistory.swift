import Synchronization

@testable import TokyoDataRouter

/// What writers were told and readers saw, and whether that can be.
///
/// Every write gives some rows one new number. A read must show of each row a number that is not older than
/// the last one acknowledged when it began, and of each transaction all or nothing.
final class StalenessHistory: Sendable {
  private struct State: Sendable {
    var last: Int64 = 0
    var acknowledged: [Int64: Int64] = [:]
    var transactions: [Int64: [Int64]] = [:]
    var problems: [String] = []
    var reads = 0
    var cachedReads = 0
  }

  private let state = Mutex(State())

  var problems: [String] { state.withLock { $0.problems } }
  var reads: Int { state.withLock { $0.reads } }
  /// Reads of which some part came from the cache.
  var cachedReads: Int { state.withLock { $0.cachedReads } }

  func note(_ problem: String) { state.withLock { $0.problems.append(problem) } }

  /// The number that a write gives these rows.
  func beginWrite(_ ids: [Int64]) -> Int64 {
    state.withLock { state in
      state.last += 1
      state.transactions[state.last] = ids
      return state.last
    }
  }

  func acknowledge(_ number: Int64, _ ids: [Int64]) {
    state.withLock { state in
      for id in ids { state.acknowledged[id] = max(state.acknowledged[id] ?? 0, number) }
    }
  }

  /// The numbers that a read that begins now must not miss.
  func beginRead() -> [Int64: Int64] { state.withLock { $0.acknowledged } }

  /// Checks an answer of rows `id`, `max(amount)`, `count` over all these ids.
  func check(_ answer: Answer, of ids: [Int64], since floor: [Int64: Int64]) {
    var seen: [Int64: Int64] = [:]
    var problems: [String] = []
    for row in answer.batch.rows {
      guard case .int(let id) = row[0], case .decimal(let amount) = row[1], row[2] == 1 else {
        problems.append("a row counted twice: \(row)")
        continue
      }
      seen[id] = Int64(amount.unscaled / Decimal128.powerOfTen(amount.scale))
    }
    state.withLock { state in
      for id in ids {
        let (least, found) = (floor[id] ?? 0, seen[id])
        guard let found else {
          if least > 0 { problems.append("row \(id) is missing, acknowledged with \(least)") }
          continue
        }
        if found < least { problems.append("row \(id) shows \(found), acknowledged with \(least)") }
        if found > state.last { problems.append("row \(id) shows \(found), which nobody wrote") }
        for other in state.transactions[found] ?? [] where ids.contains(other) && seen[other] ?? 0 < found {
          problems.append("rows \(id) and \(other) of transaction \(found) are seen in part")
        }
      }
      state.reads += 1
      if answer.cache.hits > 0 { state.cachedReads += 1 }
      state.problems += problems
    }
  }
}

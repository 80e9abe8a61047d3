import Testing

@Suite("What the checker of histories finds")
struct StalenessLogTests {
  private let start = ContinuousClock.now

  private func log(seen: [Int64: Int64], begun: Duration = .seconds(2)) -> StalenessLog {
    var log = StalenessLog()
    log.writes = [
      .init(number: 1, ids: [1, 2], acknowledged: start + .seconds(1)),
      .init(number: 2, ids: [1, 2], acknowledged: start + .seconds(3)),
      .init(number: 3, ids: [2], acknowledged: nil),
    ]
    log.reads = [.init(begun: start + begun, ids: [1, 2], seen: seen, isCached: false)]
    return log
  }

  @Test("what was acknowledged, what may be known already, and what nobody knows to have failed are right")
  func right() {
    #expect(log(seen: [1: 1, 2: 1]).findProblems() == [])
    #expect(log(seen: [1: 2, 2: 2]).findProblems() == [])
    #expect(log(seen: [1: 2, 2: 3]).findProblems() == [])
    #expect(log(seen: [:], begun: .zero).findProblems() == [])
  }

  @Test("an old number, a missing row, half a transaction and a number from nowhere are wrong")
  func wrong() {
    #expect(log(seen: [1: 1, 2: 1], begun: .seconds(4)).findProblems().count == 2)
    #expect(log(seen: [1: 1]).findProblems().contains { $0.contains("missing") })
    #expect(log(seen: [1: 2, 2: 1]).findProblems().contains { $0.contains("in part") })
    #expect(log(seen: [1: 9, 2: 1]).findProblems().contains { $0.contains("nobody") })
  }
}

import Testing
import TokyoDataCore

@testable import TokyoDataPostgres

@Suite("Random walks through the states of a pool")
struct PoolWalkTests {
  @Test("100,000 events keep every promise", arguments: [1, 2, 8, 33], [true, false])
  func walk(maximum: Int, isImpatient: Bool) throws {
    var grants = 0
    var failures: [PoolFailure: Int] = [:]
    for seed in 0..<5 {
      var configuration = PostgresPoolConfiguration(
        minimumConnections: maximum / 3, maximumConnections: maximum)
      configuration.leaseTimeout = isImpatient ? .seconds(2) : nil
      configuration.maximumWaiters = 20
      configuration.idleLimit = .seconds(3)
      configuration.lifetimeLimit = .seconds(20)
      configuration.healthCheckAfter = .seconds(1)
      var walk = PoolWalk(configuration, seed: UInt64(seed))
      for _ in 0..<2_500 { try walk.step() }
      try walk.finish()
      grants += walk.grants
      failures.merge(walk.failures, uniquingKeysWith: +)
    }
    // A walk that goes nowhere proves nothing.
    #expect(grants > 500)
    #expect(failures[.connectionFailed, default: 0] > 0)
    #expect(failures[.exhausted, default: 0] > 0 || !isImpatient || maximum > 8)
  }

  @Test("a line serves in the order of numbers, whoever leaves or returns")
  func line() {
    var random = SplitMix64(seed: 5)
    var line = WaitingLine()
    var model: [PoolRequest] = []
    var away: [PoolRequest] = []
    for number in 0..<20_000 {
      let next = PoolRequest(number: UInt64(number), deadline: nil)
      switch Int.random(in: 0..<5, using: &random) {
      case 0, 1:
        line.insert(next)
        model.append(next)
      case 2:
        let first = line.popFirst()
        #expect(first == model.first)
        if let first {
          model.removeFirst()
          away.append(first)
        }
      case 3:
        let leaving = model.randomElement(using: &random) ?? next
        let isThere = line.remove(leaving)
        #expect(isThere == model.contains(leaving))
        model.removeAll { $0 == leaving }
      default:
        if let back = away.popLast() {
          line.insert(back)
          model.append(back)
          model.sort { $0.number < $1.number }
        }
      }
      #expect(line.first == model.first)
      #expect(line.count == model.count)
    }
    #expect(line.removeAll() == model)
    #expect(line.isEmpty)
  }
}

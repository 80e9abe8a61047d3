import Foundation
import Testing
import TokyoDataCore
import TokyoDataTesting

/// Every store means the same by a query: what one answers, all do.
@Suite("The differential test")
struct DifferentialTests {
  /// `TOKYO_TEST_SEED` repeats what another seed found.
  static let seed =
    ProcessInfo.processInfo.environment["TOKYO_TEST_SEED"].flatMap { UInt64($0) } ?? 20_261_126

  static let timeTypes = [ColumnType.timestamp, .timestamp, .date, .localTimestamp]

  @Test("5,000 random queries get the same answer from every store, and a mean of means does not pass")
  func sameAnswers() async throws {
    let (scenarios, queries) = (20, 250)
    print("the differential test's seed is \(Self.seed)")
    var met = Met()
    try await withThrowingTaskGroup(of: Met.self) { group in
      for number in 0..<scenarios {
        if number >= 2, let done = try await group.next() { met.add(done) }
        group.addTask { try await Self.compare(number, queries) }
      }
      for try await done in group { met.add(done) }
    }
    #expect(met.queries == scenarios * queries)
    #expect(met.answers > met.queries * 3 / 4, "\(met.answers) of \(met.queries) queries have an answer")
    for trait in QueryTrait.allCases {
      #expect(met.traits[trait, default: 0] >= 100, "\(trait): \(met.traits[trait, default: 0])")
    }
    #expect(met.caught > 0, "no query tells a mean of means from a mean")
  }

  /// What was met, so that a test that meets too little fails.
  private struct Met: Sendable {
    var queries = 0
    var answers = 0
    var caught = 0
    var traits: [QueryTrait: Int] = [:]

    mutating func add(_ other: Met) {
      queries += other.queries
      answers += other.answers
      caught += other.caught
      traits.merge(other.traits, uniquingKeysWith: +)
    }
  }

  private static func compare(_ number: Int, _ count: Int) async throws -> Met {
    let seed = seed &+ UInt64(number)
    // Neither PostgreSQL nor the lake has every type.
    let scenario = try RandomScenario(
      seed: seed, timeType: timeTypes[number % timeTypes.count], lacking: [.int8, .time])
    return try await DifferentialBed.with(scenario) { bed in
      var met = Met()
      var queries = RandomQueries(scenario)
      while met.queries < count {
        let query = queries.next()
        // What no store can be asked is no question.
        guard (try? ResolvedQuery(query, for: scenario.dataset)) != nil else { continue }
        met.queries += 1
        let expected = await QueryOutcome { try await bed.oracle.answer(query) }
        for store in bed.stores where met.queries % store.every == 0 {
          let found = await QueryOutcome { try await store.answer(query) }
          #expect(
            found.agrees(with: expected, on: query),
            "\(store.name), seed \(seed), query \(met.queries): \(query)\n\(found)\ninstead of \(expected)")
        }
        let planted = await QueryOutcome { try await bed.planted.answer(query) }
        if !planted.agrees(with: expected, on: query) { met.caught += 1 }
        guard let answer = expected.batch else { continue }
        met.answers += 1
        let order: ColumnBatch? =
          if let probe = QueryTrait.probe(of: query) { try? await bed.oracle.answer(probe) } else { nil }
        for trait in QueryTrait.traits(of: query, answer: answer, order: order) {
          met.traits[trait, default: 0] += 1
        }
      }
      return met
    }
  }
}

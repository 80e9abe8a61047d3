import Foundation
import Testing
import TokyoData

/// Two processes over one PostgreSQL, one lake and one Redis, each with connections of its own.
@Suite("No answer of either of two processes is older than what was acknowledged before it began")
struct TwoProcessesTests {
  /// Of both processes together.
  static let operations = 10_000

  @Test("while rows are written and days exported, retired and collected")
  func neverStale() async throws {
    try await StalenessPlace.with { place in
      let begun = ContinuousClock.now
      async let first = #expect(processExitsWith: .success) { [place = place as StalenessPlace] in
        try await StalenessProcess.play(0, in: place, operations: TwoProcessesTests.operations / 2)
      }
      async let second = #expect(processExitsWith: .success) { [place = place as StalenessPlace] in
        try await StalenessProcess.play(1, in: place, operations: TwoProcessesTests.operations / 2)
      }
      _ = await (first, second)
      var log = StalenessLog()
      log.writes.append(
        .init(number: 0, ids: StalenessPlace.ids(of: 0...StalenessPlace.dayCount - 1), acknowledged: begun))
      for process in 0..<2 {
        log += try JSONDecoder().decode(
          StalenessLog.self, from: Data(contentsOf: place.log(of: process)))
      }
      #expect(Array(log.findProblems().prefix(10)) == [], "seed \(place.seed)")
      // Otherwise the history shows nothing.
      #expect(log.reads.count > Self.operations / 2 && log.writes.count > Self.operations / 50)
      #expect(log.reads.count(where: \.isCached) > Self.operations / 10)
      #expect(log.runs > Self.operations / 500)
    }
  }
}

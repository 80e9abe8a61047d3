import Testing
import TokyoDataCore
import TokyoDataTesting

@testable import TokyoDataAWS

@Suite("CallPace")
struct CallPaceTests {
  let clock = ManualClock(Timestamp(microsecondsSince1970: 0))
  let pace: CallPace

  init() { pace = CallPace(clock: WaitingClock(ClientTime(clock: clock, random: { 0.5 }))) }

  @Test("lets calls go at once as long as none was refused")
  func free() {
    #expect((0..<100).map { _ in pace.turn() } == Array(repeating: .zero, count: 100))
  }

  @Test("keeps calls apart after a refusal, and lets go again as they succeed")
  func distance() {
    pace.refused()
    let turns = (0..<5).map { _ in pace.turn() }
    #expect(zip(turns, turns.dropFirst()).allSatisfy { $1 - $0 == CallPace.first })
    for _ in 0..<40 { pace.succeeded() }
    clock.advance(by: .seconds(60))
    #expect(pace.turn() == pace.turn())
  }

  @Test("takes the refusals of calls that went at once for one")
  func together() {
    for _ in 0..<64 { pace.refused() }
    let turns = (0..<2).map { _ in pace.turn() }
    #expect(turns[1] - turns[0] == CallPace.first)
    clock.advance(by: .seconds(1))
    pace.refused()
    let later = (0..<2).map { _ in pace.turn() }
    #expect(later[1] - later[0] == CallPace.first * 1.5)
  }
}

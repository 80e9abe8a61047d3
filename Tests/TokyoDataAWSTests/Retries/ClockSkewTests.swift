import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("Clocks of hosts")
struct ClockSkewTests {
  private let now = Timestamp(microsecondsSince1970: 1_800_000_000_000_000)

  @Test("What was learned of one host holds for it alone, and is learned anew")
  func hosts() {
    let skew = ClockSkew()
    let later = now.adding(microseconds: 3_600_000_000)
    #expect(skew.learn(host: "a", date: later, now: now, signedAt: now, definite: true))
    #expect(skew.time(at: "a", now) == later && skew.time(at: "b", now) == now)
    // Our clock was set right meanwhile.
    #expect(skew.learn(host: "a", date: now, now: now, signedAt: now, definite: true))
    #expect(skew.time(at: "a", now) == now)
  }

  @Test("A difference of minutes counts even where the service does not say that it is the clock")
  func doubtful() {
    let skew = ClockSkew()
    let fourMinutes: Int64 = 240_000_000
    for difference in [fourMinutes, -fourMinutes] {
      let date = now.adding(microseconds: difference)
      #expect(!skew.learn(host: "a", date: date, now: now, signedAt: now, definite: false))
      #expect(
        skew.learn(
          host: "a", date: date.adding(microseconds: difference.signum()), now: now, signedAt: now,
          definite: false)
      )
      #expect(skew.learn(host: "a", date: now, now: now, signedAt: now, definite: true))
    }
  }

  @Test("A call that was signed before another one learned of the clock is signed anew, too")
  func together() {
    let skew = ClockSkew()
    let later = now.adding(microseconds: 3_600_000_000)
    for _ in 0..<2 {
      #expect(skew.learn(host: "a", date: later, now: now, signedAt: now, definite: false))
    }
    #expect(!skew.learn(host: "a", date: later, now: now, signedAt: later, definite: false))
    #expect(skew.time(at: "a", now) == later)
  }

  @Test("Any date is taken without a trap")
  func extremes() {
    let skew = ClockSkew()
    for date in [Int64.min, .max] {
      #expect(
        skew.learn(
          host: "a", date: Timestamp(microsecondsSince1970: date), now: now, signedAt: now, definite: true))
      _ = skew.time(at: "a", now)
      _ = skew.time(at: "a", Timestamp(microsecondsSince1970: date))
    }
  }

  @Test("However many hosts there were, few are remembered")
  func bounded() {
    let skew = ClockSkew()
    let regions = BucketRegions()
    let later = now.adding(microseconds: 1_000_000)
    for number in 0..<2500 {
      #expect(skew.learn(host: "\(number)", date: later, now: now, signedAt: now, definite: true))
      regions.set("eu-west-1", of: "\(number)")
    }
    #expect((0..<2500).count { skew.time(at: "\($0)", now) != now } <= 1000)
    #expect((0..<2500).count { regions["\($0)"] != nil } <= 1000)
    #expect(regions["2499"] == "eu-west-1")
  }
}

internal import Testing
@testable import TokyoDataCore

@Suite("Keys, lives and entries of a cache")
struct CacheKeyTests {
  @Test(
    "a life is rounded up to a millisecond, is at most 100 years, and of no time or less is none",
    arguments: [
      (Duration.zero, 0), (.nanoseconds(-1), 0), (.seconds(-1), 0),
      (.nanoseconds(1), 1), (Duration(secondsComponent: 0, attosecondsComponent: 1), 1),
      (.milliseconds(1), 1),
      (.nanoseconds(1_000_001), 2), (.seconds(3), 3000), (.milliseconds(86_400_001), 86_400_001),
      (.seconds(Int64.max), 3_153_600_000_000), (CacheExpiry.longest, 3_153_600_000_000),
    ] as [(Duration, Int64)])
  func expiry(_ life: Duration, _ milliseconds: Int64) {
    #expect(CacheExpiry.after(life).milliseconds == milliseconds)
    #expect(CacheExpiry.after(life).isKept == (milliseconds > 0))
  }

  @Test("an entry without an end is kept and has no life")
  func never() {
    #expect(CacheExpiry.never.milliseconds == nil && CacheExpiry.never.isKept)
    #expect(CacheExpiry.never.life == nil)
  }

  @Test("the text and the dump of keys, items and entries tell nothing but lengths")
  func text() {
    let key = CacheKey("secret-key")
    let value = Array("secret-value".utf8)
    var dumped = ""
    for any: Any in [
      key, CacheItem(key, value, expiry: .never), CacheEntry(value, remaining: .seconds(3)), [key: 1],
    ] {
      dump(any, to: &dumped)
      dumped += "\(any) \(String(reflecting: any))\n"
    }
    for leak in ["secret", "115", "value\"", "0x73"] {
      #expect(!dumped.contains(leak), "\(leak) in \(dumped)")
    }
    #expect("\(key)" == "CacheKey(10 bytes)")
    #expect("\(CacheItem(key, value, expiry: .never))" == "CacheItem(CacheKey(10 bytes), 12 bytes)")
    #expect("\(CacheEntry(value, remaining: nil))" == "CacheEntry(12 bytes, no end)")
  }
}

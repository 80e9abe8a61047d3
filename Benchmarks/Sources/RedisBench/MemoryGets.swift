internal import BenchSupport
internal import TokyoData

/// Gets of one task from a cache in memory, each of one key that is there.
///
/// By the processor's time, so that what others do on the same core takes nothing away.
struct MemoryGets {
  private static let entries = 10_000
  /// So many gets go between two looks at the clock, which takes as long as a part of one.
  private static let stretch = 1_000

  let load: Load

  /// How many gets there were in a second of a processor.
  func run() async throws -> Int {
    let cache = InMemoryCache()
    // As long as a router's key of a piece: after its name 32 bytes of a digest.
    let keys = (0..<Self.entries).map {
      CacheKey("tokyodata:piece:0123456789abc\(1_000_000_000_000_000_000 + $0)")
    }
    let value = [UInt8](repeating: 7, count: 100)
    for key in keys { try await cache.set(key, to: value, expiry: .after(.seconds(86_400))) }
    let start = try ProcessorTime.now()
    let times = try await load.run { part in
      var random = part.random
      return try await part.repeat {
        for _ in 0..<Self.stretch {
          guard try await cache.get(keys[random.below(Self.entries)])?.count == 100 else {
            throw BenchError("an entry is gone")
          }
        }
      }
    }
    let seconds = try ProcessorTime.now() - start
    await cache.close()
    return Int(Double(times.latencies.count * Self.stretch) / seconds)
  }
}

internal import BenchSupport
internal import TokyoDataRedis

/// Values of one size under the keys of redis-benchmark, by tasks that share one cache.
struct Values: Sendable {
  /// As many keys as redis-benchmark is told to take by chance.
  static let keys = 10_000

  let byteCount: Int
  let load: Load

  /// Gets values that begin with their keys.
  func get(from socket: String) async throws -> Times {
    try await repeating(on: socket) { cache, key in
      guard let value = try await cache.get(CacheKey(key)), value.count == byteCount, value.starts(with: key)
      else { throw BenchError("a wrong value for \(String(decoding: key, as: UTF8.self))") }
    }
  }

  /// Sets values that are all the same.
  func set(on socket: String) async throws -> Times {
    let value = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 % 251) }
    return try await repeating(on: socket) { cache, key in
      try await cache.set(CacheKey(key), to: value, expiry: .never)
    }
  }

  private func repeating(
    on socket: String, _ work: @escaping @Sendable (RedisCache, [UInt8]) async throws -> Void
  ) async throws -> Times {
    let cache = try RedisCache(RedisConfiguration(.single(.socket(path: socket))))
    let keys = (0..<Self.keys).map { number in
      let digits = Array(String(number).utf8)
      return Array("key:".utf8) + Array(repeating: UInt8(ascii: "0"), count: 12 - digits.count) + digits
    }
    let times = try await load.run { part in
      // The connection is made before the time begins.
      _ = try await cache.get(CacheKey(""))
      var random = part.random
      return try await part.repeat { try await work(cache, keys[random.below(Self.keys)]) }
    }
    await cache.close()
    return times
  }
}

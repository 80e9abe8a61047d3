/// What takes more than one command of Redis and must be one step.
extension RedisCache {
  /// The values of the keys with what is left of their lives, in their order; nil for what is absent.
  public func getEntries(_ keys: [CacheKey]) async throws -> [CacheEntry?] {
    try await perform(.getEntries) { deadline in
      let replies = try await run(.entry, keys.map { (wireKey($0), []) }, until: deadline)
      return try replies.map { reply in
        let parts = try reply.elements()
        guard parts.count == 2, case .integer(let left) = parts[1] else {
          throw TokyoDataError.unexpectedReply()
        }
        return try parts[0].optionalBytes().map { value in
          CacheEntry(value, remaining: left < 0 ? nil : .milliseconds(left))
        }
      }
    }
  }

  /// Replaces the value of a key where it is `expected`, in one step; nil stands for no entry.
  ///
  /// - Returns: whether the value was the expected one, and so was replaced.
  public func exchange(
    _ key: CacheKey, from expected: [UInt8]?, to replacement: [UInt8]?, expiry: CacheExpiry
  ) async throws -> Bool {
    try await perform(.exchange) { deadline in
      let kept = expiry.isKept ? replacement : nil
      let arguments = [
        Self.marker(expected), expected ?? [], Self.marker(kept), kept ?? [], Self.life(expiry),
      ]
      let replies = try await run(.exchange, [(wireKey(key), arguments)], until: deadline)
      guard case .integer(let count)? = replies.first else { throw TokyoDataError.unexpectedReply() }
      return count == 1
    }
  }

  /// Adds to a counter, in one step; the expiry is for the counter that this begins.
  ///
  /// - Returns: the sum.
  /// - Throws: also `typeMismatch` where the entry is no counter, `valueOutOfRange` beyond 64 bits.
  public func add(_ amount: Int64, to key: CacheKey, expiry: CacheExpiry) async throws -> Int64 {
    try await perform(.add) { deadline in
      let arguments = [Array(String(amount).utf8), Self.life(expiry)]
      let replies = try await run(.add, [(wireKey(key), arguments)], until: deadline) { error in
        // The server has no code words for these.
        if error.words.hasPrefix("value is not an integer") {
          return TokyoDataError(.typeMismatch, "the entry is no counter", cause: error)
        }
        guard error.words.hasPrefix("increment or decrement would overflow") else { return nil }
        return TokyoDataError(.valueOutOfRange, "the counter would pass 64 bits", cause: error)
      }
      guard case .bytes(let text)? = replies.first, let sum = Int64(String(decoding: text, as: UTF8.self))
      else { throw TokyoDataError.unexpectedReply() }
      return sum
    }
  }

  private static func marker(_ value: [UInt8]?) -> [UInt8] { Array((value == nil ? "none" : "value").utf8) }

  private static func life(_ expiry: CacheExpiry) -> [UInt8] {
    expiry.milliseconds.map { Array(String($0).utf8) } ?? []
  }

  /// Runs a script for each key, with its arguments.
  ///
  /// - Parameter translate: What an error of the server means here, where it is not what it always means.
  private func run(
    _ script: CacheScript, _ calls: [(key: [UInt8], arguments: [[UInt8]])],
    until deadline: ContinuousClock.Instant,
    translate: (RedisServerError) -> TokyoDataError? = { _ in nil }
  ) async throws -> [RedisReply] {
    var replies = try await servers.send(
      calls.map { script.byDigest($0.key, $0.arguments) }, until: deadline)
    let unknown = replies.indices.filter { replies[$0].isError(.noScript) }
    let again = try await servers.send(
      unknown.map { script.whole(calls[$0].key, calls[$0].arguments) }, until: deadline)
    for (index, reply) in zip(unknown, again) { replies[index] = reply }
    for case .error(let error) in replies { throw translate(error) ?? TokyoDataError(error) }
    return replies
  }
}

extension RedisCache {
  /// One command names so many keys at most: a server does nothing else while it looks for them.
  private static let keysPerCommand = 100

  /// The values of the keys, in their order; nil for what is absent.
  public func get(_ keys: [CacheKey]) async throws -> [[UInt8]?] {
    try await perform(.get) { deadline in
      let keys = keys.map(wireKey)
      let groups = groups(of: keys)
      let replies = try await servers.send(
        groups.map { group in
          RedisCommand(
            "MGET", group.map { keys[$0] }, key: group.first.map { keys[$0] }, form: .array(group.count))
        },
        until: deadline)
      var values: [[UInt8]?] = Array(repeating: nil, count: keys.count)
      for (group, reply) in zip(groups, replies) {
        for (index, value) in zip(group, try reply.elements()) { values[index] = try value.optionalBytes() }
      }
      return values
    }
  }

  /// Sets values, whatever was there before.
  public func set(_ items: [CacheItem]) async throws {
    try await perform(.set) { deadline in
      // In a cluster, redirects could put two writes of one key in another order.
      let last = Dictionary(items.map { ($0.key, $0) }) { _, last in last }
      let commands = last.values.map { item in
        let key = wireKey(item.key)
        guard item.expiry.isKept else { return RedisCommand("UNLINK", [key], key: key, form: .integer) }
        let life = item.expiry.milliseconds.map { [Array("PX".utf8), Array(String($0).utf8)] } ?? []
        return RedisCommand("SET", [key, item.value] + life, key: key, form: .status)
      }
      for reply in try await servers.send(commands, until: deadline) { try reply.check() }
    }
  }

  /// Deletes the entries of the keys.
  public func delete(_ keys: [CacheKey]) async throws {
    try await perform(.delete) { deadline in
      let keys = keys.map(wireKey)
      let commands = groups(of: keys).map { group in
        RedisCommand(
          "UNLINK", group.map { keys[$0] }, key: group.first.map { keys[$0] }, form: .integer)
      }
      for reply in try await servers.send(commands, until: deadline) { try reply.check() }
    }
  }

  /// The keys that one command names, as places in the list.
  private func groups(of keys: [[UInt8]]) -> [ArraySlice<Int>] {
    servers.groups(of: keys).flatMap { group in
      stride(from: 0, to: group.count, by: Self.keysPerCommand).map { start in
        group[start..<min(start + Self.keysPerCommand, group.count)]
      }
    }
  }
}

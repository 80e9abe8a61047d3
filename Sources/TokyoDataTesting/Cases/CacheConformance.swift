/// The contract of `Cache`, sentence by sentence.
public enum CacheConformance: ConformanceSuite {
  /// The cases, in the order of the sentences.
  public static let cases: [ConformanceCase<any CacheFixture>] =
    valueCases + batchCases + lifeCases + exchangeCases + counterCases + endCases

  private static let valueCases: [ConformanceCase<any CacheFixture>] = [
    ConformanceCase("What a get returns is exactly what was set last.") { fixture in
      let (cache, key) = (fixture.cache, CacheKey("a"))
      for value: [UInt8] in [[1, 2, 3], [], [9], [1, 2, 3]] {
        try await cache.set(key, to: value, expiry: .never)
        try expectEqual(try await cache.get(key), value, "the value")
        try expectEqual(
          try await cache.getEntry(key), CacheEntry(value, remaining: nil), "the value with its life")
      }
    },
    ConformanceCase("A key that was never set is absent.") { fixture in
      try await fixture.cache.set(CacheKey("a"), to: [1], expiry: .never)
      try expectEqual(try await fixture.cache.get(CacheKey("b")), nil, "its value")
      try expectEqual(try await fixture.cache.getEntry(CacheKey("b")), nil, "its entry")
    },
    ConformanceCase("Keys and values are any bytes, of any length up to a megabyte at least.") { fixture in
      let every = (0...255).map { UInt8($0) }
      let values: [[UInt8]] = [[], [0], every, Array("\r\n$3\r\nabc\r\n".utf8), bytes(1_000_000, seed: 1)]
      let keys = values.map { CacheKey($0 + [0]) } + [CacheKey([])]
      for (index, key) in keys.enumerated() {
        try await fixture.cache.set(key, to: values[index % values.count], expiry: .never)
      }
      for (index, key) in keys.enumerated() {
        let isEqual = try await fixture.cache.get(key) == values[index % values.count]
        try expect(isEqual, "value \(index) came back otherwise")
      }
    },
    ConformanceCase("Keys that differ in one byte or in length are different keys.") { fixture in
      let keys = [[], [0], [0, 0], [0, 1], [1, 0], [32], [97], [65], [255], [195, 169], [101, 204, 129]]
        .map { CacheKey($0) }
      for (index, key) in keys.enumerated() {
        try await fixture.cache.set(key, to: [UInt8(index)], expiry: .never)
      }
      let found = try await fixture.cache.get(keys)
      try expectEqual(found, keys.indices.map { [UInt8($0)] }, "the values")
    },
    ConformanceCase(
      "A set that succeeded is seen by later gets of the same process, unless the cache forgot it."
    ) { fixture in
      let (cache, key) = (fixture.cache, CacheKey("shared"))
      // Others read the key all the time, so that one of them may hold an older value when the set ends.
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<4 { group.addTask { while !Task.isCancelled { _ = try? await cache.get(key) } } }
        for number in UInt8(0)..<200 {
          try await cache.set(key, to: [number], expiry: .never)
          try expectEqual(try await cache.get(key), [number], "the value just set")
        }
        group.cancelAll()
      }
    },
  ]

  private static let batchCases: [ConformanceCase<any CacheFixture>] = [
    ConformanceCase(
      "A get of a batch answers in the order of its keys, with each duplicate and each gap in its place."
    ) { fixture in
      let keys = (0..<100).map { CacheKey("k\($0)") }
      try await fixture.cache.set(
        keys.enumerated().filter { $0.offset % 3 > 0 }.map { CacheItem($1, [UInt8($0)], expiry: .never) })
      let order = (0..<250).map { $0 * 37 % 100 }
      let expected = order.map { $0 % 3 > 0 ? [UInt8($0)] : nil }
      for _ in 0..<2 {
        try expectEqual(try await fixture.cache.get(order.map { keys[$0] }), expected, "the values")
        let entries = try await fixture.cache.getEntries(order.map { keys[$0] })
        try expectEqual(entries.map { $0?.value }, expected, "the values with their lives")
      }
    },
    ConformanceCase("Of several values for one key in a batch the last one stays.") { fixture in
      let (a, b) = (CacheKey("a"), CacheKey("b"))
      try await fixture.cache.set(
        [(a, 1), (b, 2), (a, 3), (b, 4), (a, 5)].map { CacheItem($0, [$1], expiry: .never) })
      try expectEqual(try await fixture.cache.get([a, b]), [[5], [4]], "the values")
    },
    ConformanceCase("A batch of nothing does nothing.") { fixture in
      try await fixture.cache.set(CacheKey("a"), to: [1], expiry: .never)
      try await fixture.cache.set([])
      try await fixture.cache.delete([])
      try expectEqual(try await fixture.cache.get([]), [], "the values")
      try expectEqual(try await fixture.cache.getEntries([]), [], "the entries")
      try expectEqual(try await fixture.cache.get(CacheKey("a")), [1], "what was there")
    },
  ]

  private static let endCases: [ConformanceCase<any CacheFixture>] = [
    ConformanceCase("A call of a canceled task throws `CancellationError`.") { fixture in
      for (name, call) in calls(of: fixture.cache) {
        let task = Task {
          withUnsafeCurrentTask { $0?.cancel() }
          try await call()
        }
        do {
          try await task.value
        } catch is CancellationError {
          continue
        }
        throw ConformanceFailure("\(name) of a canceled task was done")
      }
    },
    ConformanceCase("After `close` every other call is an `unavailable` error.") { fixture in
      await fixture.cache.close()
      await fixture.cache.close()
      for (name, call) in calls(of: fixture.cache) {
        try await expectError(.unavailable, "\(name) after the close") { try await call() }
      }
    },
  ]

  private static func calls(
    of cache: any Cache
  ) -> [(name: String, call: @Sendable () async throws -> Void)] {
    let key = CacheKey("a")
    return [
      ("get", { _ = try await cache.get([key]) }), ("getEntries", { _ = try await cache.getEntries([key]) }),
      ("set", { try await cache.set(key, to: [1], expiry: .never) }),
      ("exchange", { _ = try await cache.exchange(key, from: nil, to: [1], expiry: .never) }),
      ("delete", { try await cache.delete([key]) }),
      ("add", { _ = try await cache.add(1, to: CacheKey("n"), expiry: .never) }),
    ]
  }

  /// So many bytes that do not compress.
  private static func bytes(_ count: Int, seed: UInt64) -> [UInt8] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
  }
}

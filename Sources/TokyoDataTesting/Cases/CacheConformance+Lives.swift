extension CacheConformance {
  // A second is long for a cache in memory and short enough for one that really waits.
  private static let short: CacheExpiry = .after(.seconds(1))
  private static let overShort: Duration = .milliseconds(1200)

  static let lifeCases: [ConformanceCase<any CacheFixture>] = [
    ConformanceCase("An entry is gone when its life is over, and not before unless the cache forgot it.") {
      fixture in
      let (a, b, c) = (CacheKey("a"), CacheKey("b"), CacheKey("c"))
      try await fixture.cache.set([
        CacheItem(a, [1], expiry: short), CacheItem(b, [2], expiry: .after(.seconds(100))),
        CacheItem(c, [3], expiry: .never),
      ])
      try expectEqual(try await fixture.cache.get([a, b, c]), [[1], [2], [3]], "the values at first")
      try await fixture.pass(overShort)
      try expectEqual(try await fixture.cache.get([a, b, c]), [nil, [2], [3]], "the values later")
      try expectEqual(try await fixture.cache.getEntry(a), nil, "the entry whose life is over")
      let isAbsent = try await fixture.cache.setIfAbsent(a, to: [4], expiry: .never)
      try expect(isAbsent, "an entry whose life is over is in the way of a new one")
    },
    ConformanceCase(
      "An entry without an expiry tells no remaining life; with one it tells what is left."
    ) { fixture in
      let (a, b) = (CacheKey("a"), CacheKey("b"))
      try await fixture.cache.set([
        CacheItem(a, [1], expiry: .never), CacheItem(b, [2], expiry: .after(.seconds(100))),
      ])
      try await fixture.pass(overShort)
      let entries = try await fixture.cache.getEntries([a, b])
      try expect(entries[0] != nil && entries[0]?.remaining == nil, "the entry without an expiry has a life")
      let left = entries[1]?.remaining ?? .zero
      try expect(left > .seconds(60) && left <= .seconds(100) - overShort, "\(left) are left of 100 seconds")
    },
    ConformanceCase("A set replaces the life of the entry as well as its value.") { fixture in
      let (a, b) = (CacheKey("a"), CacheKey("b"))
      for key in [a, b] { try await fixture.cache.set(key, to: [1], expiry: short) }
      try await fixture.cache.set(a, to: [2], expiry: .never)
      try await fixture.cache.set(b, to: [2], expiry: .after(.seconds(100)))
      try expectEqual(try await fixture.cache.getEntry(a)?.remaining, nil, "the life of one without an end")
      try await fixture.pass(overShort)
      try expectEqual(try await fixture.cache.get([a, b]), [[2], [2]], "the values")
    },
    ConformanceCase("A value set to live no time is not kept, and replaces what was there.") { fixture in
      let (a, b) = (CacheKey("a"), CacheKey("b"))
      for life in [Duration.zero, .seconds(-5)] {
        try await fixture.cache.set(a, to: [1], expiry: .never)
        try await fixture.cache.set([a, b].map { CacheItem($0, [2], expiry: .after(life)) })
        try expectEqual(try await fixture.cache.get([a, b]), [nil, nil], "the values")
      }
      let isAbsent = try await fixture.cache.setIfAbsent(a, to: [3], expiry: .after(.zero))
      try expect(isAbsent, "the key is not absent")
      try expectEqual(try await fixture.cache.get(a), nil, "the value set for no time where absent")
    },
  ]

  static let exchangeCases: [ConformanceCase<any CacheFixture>] = [
    ConformanceCase(
      "An exchange changes the entry only where it is what was expected, and tells whether it was."
    ) { fixture in
      let (cache, key) = (fixture.cache, CacheKey("a"))
      try await cache.set(key, to: [1, 0], expiry: .never)
      for other: [UInt8] in [[], [1], [1, 0, 0], [2, 0]] {
        let isDone = try await cache.compareAndSet(key, expecting: other, to: [9], expiry: .never)
        try expect(!isDone, "exchanged although another value was expected")
        try expectEqual(try await cache.get(key), [1, 0], "the value")
      }
      let isDone = try await cache.compareAndSet(key, expecting: [1, 0], to: [2], expiry: short)
      try expect(isDone, "not exchanged although the value was the expected one")
      try expectEqual(try await cache.get(key), [2], "the new value")
      try await fixture.pass(overShort)
      try expectEqual(try await cache.get(key), nil, "the value after the life it was exchanged for")
      let isAgain = try await cache.compareAndSet(key, expecting: [2], to: [3], expiry: .never)
      try expect(!isAgain, "exchanged although nothing is there")
    },
    ConformanceCase("An exchange that expects nothing succeeds only where the key is absent.") { fixture in
      let (cache, key) = (fixture.cache, CacheKey("a"))
      let first = try await cache.setIfAbsent(key, to: [], expiry: .never)
      let second = try await cache.setIfAbsent(key, to: [2], expiry: .never)
      try expectEqual([first, second], [true, false], "whether each succeeded")
      try expectEqual(try await cache.get(key), [], "the value")
    },
    ConformanceCase("An exchange for nothing deletes the entry.") { fixture in
      let (cache, key) = (fixture.cache, CacheKey("lock"))
      try await cache.set(key, to: [7], expiry: .never)
      let others = try await cache.compareAndDelete(key, expecting: [8])
      try expect(!others, "deleted although another value was expected")
      try expectEqual(try await cache.get(key), [7], "the value")
      let own = try await cache.compareAndDelete(key, expecting: [7])
      try expect(own, "not deleted although the value was the expected one")
      try expectEqual(try await cache.get(key), nil, "the value after")
    },
    ConformanceCase("Of several exchanges that expect the same at once exactly one succeeds.") { fixture in
      let (cache, key) = (fixture.cache, CacheKey("lock"))
      for expected: [UInt8]? in [nil, [0, 0]] {
        if let expected { try await cache.set(key, to: expected, expiry: .never) }
        let winners = try await withThrowingTaskGroup(of: UInt8?.self) { group in
          for contestant in UInt8(1)...100 {
            group.addTask {
              let hasWon = try await cache.exchange(key, from: expected, to: [contestant], expiry: .never)
              return hasWon ? contestant : nil
            }
          }
          return try await group.reduce(into: [UInt8]()) { if let winner = $1 { $0.append(winner) } }
        }
        try expectEqual(winners.count, 1, "winners")
        try expectEqual(try await cache.get(key), winners, "the winner's value")
      }
    },
    ConformanceCase("A deleted key is absent, and deleting what is absent is no error.") { fixture in
      let keys = (0..<5).map { CacheKey("k\($0)") }
      try await fixture.cache.set(keys.prefix(3).map { CacheItem($0, [1], expiry: .never) })
      _ = try await fixture.cache.get(keys)
      try await fixture.cache.delete([keys[0], keys[0], keys[2], keys[4]])
      try await fixture.cache.delete(keys[0])
      try expectEqual(try await fixture.cache.get(keys), [nil, [1], nil, nil, nil], "the values")
    },
  ]

  static let counterCases: [ConformanceCase<any CacheFixture>] = [
    ConformanceCase("A counter begins at nothing with 0, and each addition tells the sum it made.") {
      fixture in
      var sums: [Int64] = []
      for amount: Int64 in [5, 0, -7, .max, .min] {
        sums.append(try await fixture.cache.add(amount, to: CacheKey("n"), expiry: .never))
      }
      try expectEqual(sums, [5, 5, -2, .max - 2, -3], "the sums")
    },
    ConformanceCase("Additions of many tasks at once are all counted.") { fixture in
      let (cache, key) = (fixture.cache, CacheKey("n"))
      let sums = try await withThrowingTaskGroup(of: Int64.self) { group in
        for _ in 0..<1000 { group.addTask { try await cache.add(3, to: key, expiry: .never) } }
        return try await group.reduce(into: Set<Int64>()) { $0.insert($1) }
      }
      try expectEqual(sums, Set((1...1000).map { $0 * 3 }), "the sums of 1000 additions of 3")
    },
    ConformanceCase(
      "The expiry of an addition holds where it begins the counter; later ones leave its life as it is."
    ) { fixture in
      let (cache, a, b) = (fixture.cache, CacheKey("a"), CacheKey("b"))
      _ = try await cache.add(1, to: a, expiry: short)
      _ = try await cache.add(1, to: b, expiry: .never)
      let second = try await cache.add(1, to: a, expiry: .after(.seconds(100)))
      _ = try await cache.add(1, to: b, expiry: short)
      try expectEqual(second, 2, "the second sum")
      try await fixture.pass(overShort)
      let after = [
        try await cache.add(1, to: a, expiry: .never), try await cache.add(1, to: b, expiry: .never),
      ]
      try expectEqual(after, [1, 3], "the sums after the first counter's life")
    },
    ConformanceCase("A counter reads as its decimal text, and text of that kind can be added to.") {
      fixture in
      let (cache, a, b) = (fixture.cache, CacheKey("a"), CacheKey("b"))
      _ = try await cache.add(-40, to: a, expiry: .never)
      try expectEqual(try await cache.get(a), Array("-40".utf8), "the counter's bytes")
      try await cache.set(b, to: Array("41".utf8), expiry: .never)
      try expectEqual(try await cache.add(1, to: b, expiry: .never), 42, "the sum")
    },
    ConformanceCase("Adding to anything else is a `typeMismatch` error and leaves it as it was.") { fixture in
      for text in ["", "one", "1.5", " 1", "1 ", "9223372036854775808"] {
        let key = CacheKey("k" + text)
        try await fixture.cache.set(key, to: Array(text.utf8), expiry: .never)
        try await expectError(.typeMismatch, "adding to \"\(text)\"") {
          _ = try await fixture.cache.add(1, to: key, expiry: .never)
        }
        try expectEqual(try await fixture.cache.get(key), Array(text.utf8), "what it was added to")
      }
    },
    ConformanceCase("A sum beyond 64 bits is a `valueOutOfRange` error and leaves the counter as it was.") {
      fixture in
      let (cache, key) = (fixture.cache, CacheKey("n"))
      _ = try await cache.add(.max, to: key, expiry: .never)
      try await expectError(.valueOutOfRange, "a sum beyond 64 bits") {
        _ = try await cache.add(1, to: key, expiry: .never)
      }
      try expectEqual(try await cache.add(0, to: key, expiry: .never), .max, "the counter")
    },
  ]
}

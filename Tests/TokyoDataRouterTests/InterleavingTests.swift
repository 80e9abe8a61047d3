import Synchronization
import Testing

@testable import TokyoDataRouter

@Suite("While other runs go on")
struct InterleavingTests {
  static func sum() throws -> Query {
    try Sales.query.time(in: RouterTests.all).select(.count, .sum("amount"))
      .needing(QueryNeeds(kind: .analytics))
  }

  @Test("an answer is as of its snapshot, whatever is published and retired before the copies are read")
  func publishedMeanwhile() async throws {
    let world = try await RouterTests.world()
    let hot = InterposedHotStore(
      world.hot,
      afterSnapshot: { number in
        guard number == 1 else { return }
        try await world.write([Sales.row(21, Sales.day(2), amount: 900), Sales.row(13, Sales.day(1))])
        try await world.retire(Sales.day(2))
        try await world.retire(Sales.day(3))
      })
    let router = Router(hot: hot, cold: world.cold)
    #expect(try await router.fetch(try Self.sum()).batch.rows == [[8, .decimal(12)]])
    #expect(hot.log.withLock { $0.snapshots } == 1)
    #expect(try await router.fetch(try Self.sum()).batch.rows == [[9, .decimal(920)]])
  }

  @Test("the snapshot is closed before the copies are read")
  func snapshotIsClosed() async throws {
    let world = try await RouterTests.world()
    let hot = InterposedHotStore(world.hot)
    let cold = InterposedColdStore(world.cold) {
      guard !hot.log.withLock({ $0.isOpen }) else { throw TokyoDataError(.internal, "still open") }
    }
    #expect(try await Router(hot: hot, cold: cold).fetch(try Self.sum()).read.coldRows == 6)
  }

  @Test("a version that is condemned while it is read makes the query start again", arguments: [true, false])
  func condemnedMeanwhile(_ filesAreGone: Bool) async throws {
    let world = try await RouterTests.world()
    let hot = InterposedHotStore(
      world.hot,
      afterSnapshot: { number in
        guard number == 1 else { return }
        try await world.write([Sales.row(21, Sales.day(2), amount: 900)])
        try await world.export(Sales.day(2))
        if filesAreGone { return try await world.collect() }
        _ = try await world.hot.withRun(of: try Sales.name, .collect) { try await $0.condemn(grace: .zero) }
      })
    let answer = try await Router(hot: hot, cold: world.cold).fetch(try Self.sum())
    #expect(answer.batch.rows == [[8, .decimal(910)]])
    #expect(answer.read.coldRows == 6)
    #expect(hot.log.withLock { $0.snapshots } == 2)
  }

  @Test("a query that never finds its versions standing gives up with a conflict")
  func retriesAreBounded() async throws {
    let world = try await RouterTests.world()
    let hot = InterposedHotStore(
      world.hot,
      afterSnapshot: { number in
        try await world.write([Sales.row(21, Sales.day(2), amount: Int64(number))])
        try await world.export(Sales.day(2))
        try await world.collect()
      })
    let router = Router(hot: hot, cold: world.cold, limits: RouterLimits(attempts: 3))
    let error = await #expect(throws: TokyoDataError.self) { try await router.fetch(try Self.sum()) }
    #expect(error?.code == .conflict && error?.isRetryable == true)
    #expect(hot.log.withLock { $0.snapshots } == 3)
  }

  @Test("a version that stands but cannot be read is an error at once")
  func missingVersion() async throws {
    let world = try await RouterTests.world()
    let version = try await world.hot.coverage(of: Sales.name).version(of: Sales.day(0))
    world.cold.remove(try #require(version).id)
    let hot = InterposedHotStore(world.hot)
    let error = await #expect(throws: TokyoDataError.self) {
      try await Router(hot: hot, cold: world.cold).fetch(try Self.sum())
    }
    #expect(error?.code == .notFound)
    #expect(hot.log.withLock { $0.snapshots } == 1)
  }

  @Test("hot is read for all days but those given to cold or left out, and asked for their overlay")
  func hotRanges() async throws {
    let world = try await RouterTests.world()
    let hot = InterposedHotStore(world.hot)
    _ = try await Router(hot: hot, cold: world.cold).fetch(try Self.sum())
    // Retired days are read in hot too, for their overlay; the day in both went to cold.
    #expect(hot.log.withLock { $0.ranges } == [[Sales.days(0...1), Sales.days(3...3)]])
    #expect(hot.log.withLock { $0.overlayDays } == [[Sales.day(0), Sales.day(1)]])
  }
}

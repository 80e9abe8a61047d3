internal import Synchronization

/// A cold store that fails when it is told to, for tests of what a program does then.
public final class FaultyColdStore: ColdStore {
  private let inner: any ColdStore
  private let faults: Faults

  /// Puts faults before a store.
  public init(_ inner: any ColdStore, faults: Faults) {
    self.inner = inner
    self.faults = faults
  }

  /// The name of the store behind.
  public var name: String { inner.name }

  /// Counts a step for the read and one for each batch, and reads from the store behind.
  public func read(
    _ query: ResolvedQuery, from versions: [PinnedVersion], _ consume: (ColumnBatch) async throws -> Void
  ) async throws -> ReadStatistics {
    try faults.pass()
    return try await inner.read(query, from: versions) { batch in
      try faults.pass()
      try await consume(batch)
    }
  }

  /// What the store behind estimates.
  public func estimate(_ query: ResolvedQuery, from versions: [PinnedVersion]) -> ScanEstimate {
    inner.estimate(query, from: versions)
  }
}

/// Counts steps and throws at chosen ones.
public final class Faults: Sendable {
  private let steps: Set<Int>
  private let error: TokyoDataError
  private let passed = Mutex(0)

  /// Throws at these steps, counted from 1; a transient error unless another is given.
  public init(
    at steps: Set<Int>,
    error: TokyoDataError = TokyoDataError(.unavailable, "a fault that a test asked for")
  ) {
    self.steps = steps
    self.error = error
  }

  /// How many steps there were.
  public var count: Int { passed.withLock { $0 } }

  /// Counts a step.
  ///
  /// - Throws: the error, where the step is one of those that fail.
  public func pass() throws {
    let step = passed.withLock { passed in
      passed += 1
      return passed
    }
    if steps.contains(step) { throw error }
  }
}

internal import TokyoDataCore

/// A router's cache: pieces by key, the flights that bring them, and calls that never fail a query.
final class ResultCache: Sendable {
  let caching: ResultCaching
  let flights = Flights<PieceLanding>()
  let answerFlights = Flights<AnswerLanding>()
  let metrics: CacheMetrics
  /// How versions get their keys; tests break it.
  let key: @Sendable (PieceKeys, PinnedVersion) -> CacheKey
  private let cache: any Cache
  let coding = CacheCoding(compressor: SnappyCompressor())
  /// Questions whose states were too large to keep, so that they are not gathered in vain every time.
  private let tooLarge: InMemoryCache

  init(
    _ cache: any Cache, _ caching: ResultCaching, metrics: CacheMetrics? = nil,
    key: @escaping @Sendable (PieceKeys, PinnedVersion) -> CacheKey = { $0.key(of: $1) }
  ) {
    self.key = key
    self.cache = cache
    self.caching = caching
    self.metrics = metrics ?? CacheMetrics(cacheName: cache.name)
    tooLarge = InMemoryCache(capacity: 1_000_000, clock: caching.clock)
  }

  /// Why the states of a query are not kept; nil where they are.
  func refusal(of query: ResolvedQuery, _ kind: QueryKind) -> String? {
    if !query.query.needs.usesCache { return "the query does without it" }
    if kind == .point { return "a point by key" }
    if !query.query.isGrouped, query.query.limit != nil { return "rows up to a limit" }
    // There a row's day is not the date of its time column, by which the states are told apart.
    if query.dataset.timeType == .localTimestamp, query.dataset.policy.timeZone != "UTC" {
      return "local times of another zone than UTC"
    }
    return nil
  }

  /// What the cache has of these keys; nil where it did not answer.
  func pieces(
    _ keys: [CacheKey], schema: ColumnSchema
  ) async throws -> [CacheLookup<ColumnBatch>]? {
    let cache = cache
    let coding = coding
    return try await call(.get) { try await cache.getBatches(keys, schema: schema, coding: coding) }
  }

  /// Keeps pieces, but for those that are too large.
  func keep(_ pieces: [(key: CacheKey, batch: ColumnBatch)]) async throws {
    var items: [CacheItem] = []
    for (key, batch) in pieces {
      guard batch.columns.reduce(0, { $0 + $1.byteCount }) <= caching.pieceBytes,
        let bytes = try? coding.bytes(of: batch)
      else { continue }
      items.append(CacheItem(key, bytes, expiry: caching.expiry))
    }
    guard !items.isEmpty else { return }
    let (cache, kept) = (cache, items)
    _ = try await call(.set) { try await cache.set(kept) }
  }

  /// What the cache has of a key, with what is left of its life; nil also where it did not answer.
  func entry(_ key: CacheKey) async throws -> CacheEntry? {
    let cache = cache
    return try await call(.get) { try await cache.getEntry(key) }.flatMap { $0 }
  }

  /// Keeps an answer, unless it is too large or has columns that a cache does not keep.
  func keep(_ answer: KeptAnswer, under key: CacheKey, life: Duration) async throws {
    guard let bytes = try? answer.bytes(coding), bytes.count <= caching.pieceBytes else { return }
    let cache = cache
    _ = try await call(.set) { try await cache.set(key, to: bytes, expiry: .after(life)) }
  }

  /// Takes the lock of a key for a token; nil where the cache did not answer.
  func lock(_ key: CacheKey, _ token: [UInt8]) async throws -> Bool? {
    let (cache, life) = (cache, caching.lockLife)
    return try await call(.lock) { try await cache.setIfAbsent(key, to: token, expiry: .after(life)) }
  }

  /// Gives a lock up, whether the caller is canceled or not; one that meanwhile is somebody else's stays.
  func unlock(_ key: CacheKey, _ token: [UInt8]) async {
    let cache = cache
    let task = Task { try await call(.unlock) { try await cache.compareAndDelete(key, expecting: token) } }
    _ = await task.result
  }

  func noteTooLarge(_ question: CacheKey) async {
    try? await tooLarge.set(question, to: [], expiry: .after(.seconds(3600)))
  }

  func isTooLarge(_ question: CacheKey) async -> Bool {
    (try? await tooLarge.get(question)).flatMap { $0 } != nil
  }

  /// A call that takes no longer than it may, and fails nobody.
  ///
  /// - Returns: nil where the cache failed, which a metric shows.
  /// - Throws: `CancellationError` only.
  private func call<Result: Sendable>(
    _ call: CacheCall, _ body: @escaping @Sendable () async throws -> Result
  ) async throws -> Result? {
    do {
      let result = try await withLimit(caching.callLimit, by: caching.clock, body)
      if result == nil { metrics.noteFailure(of: call, "\(TokyoDataError.Code.timeout)") }
      return result
    } catch {
      try Task.checkCancellation()
      metrics.noteFailure(of: call, (error as? TokyoDataError)?.code.description ?? "other")
      return nil
    }
  }
}

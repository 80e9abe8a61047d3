internal import TokyoDataCore

/// The copies' part of one query, from the cache as far as it has it, else from the cold store.
struct CachedRead {
  private let cache: ResultCache
  private let cold: any ColdStore
  private let pieced: PiecedQuery
  private let query: ResolvedQuery
  private let versions: [CacheKey: PinnedVersion]
  /// The keys in the order of the versions.
  private let keys: [CacheKey]
  private let question: CacheKey
  /// Whether versions still stand, as the primary knows.
  private let stand: ([PinnedVersion]) async throws -> Bool
  private var pieces: [CacheKey: ColumnBatch] = [:]
  /// The cache answered every call so far; after one that it did not, it is left alone.
  private var isCacheThere = true
  /// The keys of the flights that this query began and has not landed.
  private var flying: Set<CacheKey> = []
  private var shared = 0
  private var damaged = 0

  /// What the cold store took.
  private(set) var statistics = ReadStatistics()
  /// What the cache did.
  private(set) var use = CacheUse(.hit)
  /// Rows that entered the answer.
  private(set) var rowCount = 0

  /// - Throws: where the query's states cannot be told apart by day.
  init(
    _ query: ResolvedQuery, _ pinned: [PinnedVersion], of ledger: LedgerID, cache: ResultCache,
    cold: any ColdStore,
    stand: @escaping ([PinnedVersion]) async throws -> Bool
  ) throws {
    self.query = query
    self.cache = cache
    self.cold = cold
    self.stand = stand
    pieced = try PiecedQuery(query)
    let maker = try PieceKeys(query, of: ledger)
    keys = pinned.map { cache.key(maker, $0) }
    versions = Dictionary(zip(keys, pinned)) { first, _ in first }
    question = maker.questionKey
  }

  /// Hands on the states of all versions.
  ///
  /// - Returns: whether all that were read still stood afterwards; if not, nothing that was handed on counts.
  /// - Throws: what the cold store throws while its versions stand.
  mutating func run(_ consume: (ColumnBatch) throws -> Void) async throws -> Bool {
    defer { note() }
    if await cache.isTooLarge(question) {
      use.reason = "its states are too large to keep"
      isCacheThere = false
      return try await readAlone(keys, consume)
    }
    var wanted = keys
    while !wanted.isEmpty {
      let (mine, others) = cache.flights.begin(wanted)
      guard try await bring(mine, consume) else { return false }
      wanted = []
      var alone: [CacheKey] = []
      for key in keys {
        guard let flight = others[key] else { continue }
        switch try await flight.wait() {
        case .piece(let piece, let isHit):
          pieces[key] = piece
          shared += 1
          if isHit { use.hits += 1 } else { use.misses += 1 }
        case .failed(let error): throw error
        case .condemned: return false
        case .unshared: alone.append(key)
        case .abandoned: wanted.append(key)
        }
      }
      guard try await readAlone(alone, consume) else { return false }
    }
    for key in keys {
      guard let piece = pieces[key] else { continue }
      rowCount += query.rowsCounted(in: piece)
      try consume(piece)
    }
    return true
  }

  /// Brings the pieces of flights that this query began, and lands every one of them.
  private mutating func bring(
    _ mine: [CacheKey], _ consume: (ColumnBatch) throws -> Void
  ) async throws -> Bool {
    guard !mine.isEmpty else { return true }
    var lock: (key: CacheKey, token: [UInt8])?
    flying = Set(mine)
    do {
      var missing = try await lookUp(mine)
      lock = try await acquireLock(&missing)
      var stands = true
      if !missing.isEmpty { stands = try await read(missing, consume) }
      // Before the flights end: whoever begins again needs the lock.
      if let lock { await cache.unlock(lock.key, lock.token) }
      landAll(.condemned)
      return stands
    } catch {
      if let lock { await cache.unlock(lock.key, lock.token) }
      landAll(error is CancellationError ? .abandoned : .failed(error))
      throw error
    }
  }

  private mutating func land(_ key: CacheKey, _ landing: PieceLanding) {
    flying.remove(key)
    cache.flights.land(key, landing)
  }

  private mutating func landAll(_ landing: PieceLanding) {
    for key in flying { land(key, landing) }
  }

  /// Takes and lands what the cache has.
  ///
  /// - Returns: the keys that it does not have.
  private mutating func lookUp(_ keys: [CacheKey]) async throws -> [CacheKey] {
    guard isCacheThere, !keys.isEmpty else { return keys }
    guard let found = try await cache.pieces(keys, schema: query.partialSchema) else {
      isCacheThere = false
      return keys
    }
    var missing: [CacheKey] = []
    for (key, lookup) in zip(keys, found) {
      guard let piece = lookup.value, isPossible(piece, of: key) else {
        if lookup != .absent { damaged += 1 }
        missing.append(key)
        continue
      }
      use.hits += 1
      pieces[key] = piece
      land(key, .piece(piece, isHit: true))
    }
    return missing
  }

  /// No group counts more rows than its version has: what is wrong here would be wrong in the answer.
  private func isPossible(_ piece: ColumnBatch, of key: CacheKey) -> Bool {
    guard let version = versions[key] else { return false }
    return query.counts(in: piece, areAtMost: version.record.rowHash.rowCount)
  }

  /// Waits until no other process reads the same, or takes too long about it; what it brought is not missing
  /// any more.
  private mutating func acquireLock(
    _ missing: inout [CacheKey]
  ) async throws -> (key: CacheKey, token: [UInt8])? {
    guard !missing.isEmpty, isCacheThere else { return nil }
    let key = PieceKeys.lock(missing)
    let token = (0..<16).map { _ in UInt8.random(in: .min ... .max) }
    var waited: Duration = .zero
    while true {
      guard let isMine = try await cache.lock(key, token) else {
        isCacheThere = false
        return nil
      }
      // Whoever had the lock may have finished between the look and the lock: look once more.
      do { missing = try await lookUp(missing) } catch {
        if isMine { await cache.unlock(key, token) }
        throw error
      }
      if isMine { return (key, token) }
      guard !missing.isEmpty, isCacheThere else { return nil }
      guard waited < cache.caching.waitLimit else {
        cache.metrics.noteWaitLost()
        return nil
      }
      let pause = cache.caching.pause
      try await cache.caching.clock.sleep(for: pause)
      waited += pause
    }
  }

  /// Reads what is missing from the cold store and, if the versions still stand, keeps and lands it.
  private mutating func read(
    _ missing: [CacheKey], _ consume: (ColumnBatch) throws -> Void
  ) async throws -> Bool {
    use.misses += missing.count
    let pinned = missing.compactMap { versions[$0] }
    var gathered = GatheredPieces(pieced, limit: cache.caching.queryBytes)
    let read = try await gathered.read(pinned, from: cold, whileStanding: stand, consume)
    statistics += gathered.statistics
    guard read else { return false }
    guard let byDay = try gathered.byDay(pinned.map(pieced.day), orElse: consume) else {
      // Nobody else can have what was handed on already.
      rowCount += gathered.statistics.rows
      use.reason = "its states are too large to keep"
      await cache.noteTooLarge(question)
      for key in missing {
        land(key, .unshared)
      }
      return true
    }
    var kept: [(key: CacheKey, batch: ColumnBatch)] = []
    for (key, version) in zip(missing, pinned) {
      let piece = byDay[pieced.day(of: version)] ?? pieced.nothing
      pieces[key] = piece
      kept.append((key, piece))
    }
    if isCacheThere { try await cache.keep(kept) }
    for (key, piece) in kept {
      land(key, .piece(piece, isHit: false))
    }
    return true
  }

  /// Reads without cache and flights.
  private mutating func readAlone(
    _ keys: [CacheKey], _ consume: (ColumnBatch) throws -> Void
  ) async throws -> Bool {
    guard !keys.isEmpty else { return true }
    use.misses += keys.count
    var gathered = GatheredPieces(pieced, limit: 0)
    let stands = try await gathered.read(
      keys.compactMap { versions[$0] }, from: cold, whileStanding: stand, consume)
    statistics += gathered.statistics
    rowCount += gathered.statistics.rows
    return stands
  }

  private mutating func note() {
    if !isCacheThere { use.reason = use.reason ?? "the cache did not answer" }
    use.outcome = use.misses == 0 ? .hit : isCacheThere || use.hits > 0 ? .miss : .bypass
    use.isReusedByStore = statistics.isReused
    cache.metrics.noteQuery(use)
    cache.metrics.notePieces(.shared, shared)
    cache.metrics.notePieces(.damaged, damaged)
    cache.metrics.notePieces(.hit, use.hits)
    cache.metrics.notePieces(.read, use.misses)
  }
}

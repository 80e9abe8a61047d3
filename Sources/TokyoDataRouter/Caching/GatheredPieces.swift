internal import TokyoDataCore

/// What a read by days gives, gathered to be kept; handed on at once where it is too much for that.
struct GatheredPieces {
  private let pieced: PiecedQuery
  private let limit: Int
  private var batches: [ColumnBatch] = []
  private var byteCount = 0
  private var isHandedOn = false
  private(set) var statistics = ReadStatistics()

  init(_ pieced: PiecedQuery, limit: Int) {
    self.pieced = pieced
    self.limit = limit
  }

  /// Reads versions.
  ///
  /// - Returns: whether they still stand afterwards; only then does what was read count.
  /// - Throws: what the store throws while they stand.
  mutating func read(
    _ versions: [PinnedVersion], from cold: any ColdStore,
    whileStanding stand: ([PinnedVersion]) async throws -> Bool, _ consume: (ColumnBatch) throws -> Void
  ) async throws -> Bool {
    do {
      var gathered = self
      let statistics = try await cold.read(pieced.reading, from: versions) { batch in
        try gathered.add(batch, consume)
      }
      self = gathered
      self.statistics = statistics
    } catch {
      // A collected version's files are gone: that is a reason to start again, not an answer.
      try Task.checkCancellation()
      if try await stand(versions) { throw error }
      return false
    }
    return try await stand(versions)
  }

  /// What was gathered, by day.
  ///
  /// - Returns: nil where it was handed on: for its size, or now, as it has rows of a day that no version is of.
  mutating func byDay(
    _ days: [Day], orElse consume: (ColumnBatch) throws -> Void
  ) throws -> [Day: ColumnBatch]? {
    guard !isHandedOn else { return nil }
    let pieces = try pieced.byDay(batches)
    guard pieces.keys.allSatisfy(days.contains) else {
      try handOn(consume)
      return nil
    }
    return pieces
  }

  private mutating func add(_ batch: ColumnBatch, _ consume: (ColumnBatch) throws -> Void) throws {
    batches.append(batch)
    byteCount += batch.columns.reduce(0) { $0 + $1.byteCount }
    if isHandedOn || byteCount > limit { try handOn(consume) }
  }

  private mutating func handOn(_ consume: (ColumnBatch) throws -> Void) throws {
    isHandedOn = true
    for batch in batches { try consume(pieced.whole(batch)) }
    batches = []
  }
}

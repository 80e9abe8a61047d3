internal import TokyoDataCore

extension ResultCache {
  /// How the flight of an answer ended.
  enum AnswerLanding: Sendable {
    /// With the answer, and how long it took.
    case answer(Answer, took: Duration)
    /// With the error of the query.
    case failed(any Error)
    /// Whoever asked was canceled.
    case abandoned
  }

  /// An answer to a query that is no older than the query allows: a kept one, or what `read` gives.
  ///
  /// - Throws: what `read` throws; such an error is not kept.
  func answer(
    to query: Query, noOlderThan maximumAge: Duration, in ledger: LedgerID, _ read: () async throws -> Answer
  ) async throws -> Answer {
    guard maximumAge > .zero, let key = try? AnswerKey.key(of: query, in: ledger) else {
      return try await read()
    }
    while true {
      if let kept = try await keptAnswer(key, noOlderThan: maximumAge) {
        metrics.noteQuery(kept.cache)
        return kept
      }
      guard let flight = answerFlights.begin([key]).others[key] else {
        return try await bring(key, life: min(maximumAge, CacheExpiry.longest), read)
      }
      switch try await flight.wait() {
      case .answer(let answer, let took):
        // It was asked for before this query was: too long ago for this one, perhaps.
        guard took <= maximumAge else { return try await read() }
        var shared = answer
        shared.cache = CacheUse(.stale, age: took)
        metrics.noteQuery(shared.cache)
        return shared
      case .failed(let error): throw error
      // Another of those who waited may have asked and been answered already, so look again.
      case .abandoned: continue
      }
    }
  }

  private func keptAnswer(_ key: CacheKey, noOlderThan maximumAge: Duration) async throws -> Answer? {
    guard let entry = try await entry(key) else { return nil }
    guard let remaining = entry.remaining, let kept = KeptAnswer(entry.value, coding) else {
      metrics.notePieces(.damaged, 1)
      return nil
    }
    let age = kept.age(remaining: remaining)
    let left = min(maximumAge - age, remaining)
    guard left > .zero,
      !EarlyRefresh.isDue(left: left, took: kept.took, chance: .random(in: Double.leastNonzeroMagnitude...1))
    else { return nil }
    return kept.answer(age: age)
  }

  /// Asks, keeps and lands the answer of a flight that the caller began.
  private func bring(
    _ key: CacheKey, life: Duration, _ read: () async throws -> Answer
  ) async throws -> Answer {
    var landing = AnswerLanding.abandoned
    defer { answerFlights.land(key, landing) }
    do {
      var result: Answer?
      let took = try await caching.clock.measure { result = try await read() }
      guard let answer = result else { throw TokyoDataError(.internal, "a query gave no answer") }
      landing = .answer(answer, took: took)
      // What lacks days would hide that they are back.
      if !answer.isPartial {
        try await keep(KeptAnswer(answer, took: took, life: life), under: key, life: life)
      }
      return answer
    } catch {
      if !(error is CancellationError) { landing = .failed(error) }
      throw error
    }
  }
}

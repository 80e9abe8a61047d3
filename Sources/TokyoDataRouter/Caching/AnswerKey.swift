internal import TokyoDataCore

/// The key under which the answer to a query is kept: the query with all that shows in its answer.
enum AnswerKey {
  /// Changes with the meaning of what is kept.
  private static let form = 1

  /// - Throws: where the query has no coded form: its answer is not kept then.
  static func key(of query: Query, in ledger: LedgerID) throws -> CacheKey {
    var query = query
    // How old an answer may be is the asker's matter, so that those who differ in it share one.
    query.needs.maximumAge = nil
    var material = KeyMaterial()
    material.add(form)
    material.add(ledger.description)
    try material.add(query)
    return CacheKey(Array("tokyodata:answer:".utf8) + material.digest)
  }
}

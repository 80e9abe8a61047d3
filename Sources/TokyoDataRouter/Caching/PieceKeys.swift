internal import TokyoDataCore

/// The keys under which the states of a query's days are kept: all that they depend on, and nothing else.
///
/// A version is immutable, so what a key stands for is too. What the merge does afterwards (`having`, order,
/// limit) and what results are called changes no state of groups and no key.
struct PieceKeys {
  /// Changes with the meaning of what is kept.
  private static let form = 3

  private let question: [UInt8]
  private let timeRange: TimeRange

  /// - Throws: where the query has no coded form: it is not cached then.
  init(_ query: ResolvedQuery, of ledger: LedgerID) throws {
    var material = KeyMaterial()
    material.add(Self.form)
    material.add(ledger.description)
    material.add(query.dataset.name.description)
    material.add(query.dataset.schema.count)
    for field in query.dataset.schema.fields {
      material.add(field.name)
      material.add(field.type.description)
      material.add(field.isNullable ? 1 : 0)
    }
    material.add(query.dataset.primaryKey.count)
    for name in query.dataset.primaryKey { material.add(name) }
    material.add(query.dataset.timeColumn ?? "")
    material.add(query.dataset.policy.timeZone ?? "")
    try material.add(query.normalized)
    question = material.digest
    timeRange = query.query.timeRange
  }

  /// Stands for the question alone, whatever is asked.
  var questionKey: CacheKey { CacheKey(question) }

  /// The key of a version's states, without the rows whose keys are excluded.
  func key(of version: PinnedVersion) -> CacheKey {
    var material = KeyMaterial()
    material.add(question)
    let record = version.record
    material.add(record.id.description)
    material.add(record.day.daysSince1970)
    // The id says it all within one ledger. The rest keeps a ledger's copies apart that share a cache.
    material.add(record.location)
    material.add(record.schemaFingerprint)
    material.add(record.exportedAt)
    material.add(record.rowHash)
    material.add(version.excludedKeys?.encodedRows ?? [])
    // Of a day that lies wholly inside the range, the range does not matter: a window that moves finds it.
    let cut = timeRange.covers(record.day) ? TimeRange.unbounded : timeRange
    material.add(cut.from)
    material.add(cut.until)
    return CacheKey(Array("tokyodata:piece:".utf8) + material.digest)
  }

  /// The key of the lock under which the states of these keys are read.
  static func lock(_ keys: [CacheKey]) -> CacheKey {
    var material = KeyMaterial()
    for key in keys { material.add(key.bytes) }
    return CacheKey(Array("tokyodata:lock:".utf8) + material.digest)
  }
}

extension KeyMaterial {
  fileprivate mutating func add(_ hash: RowHash) {
    add(hash.rowCount)
    add(UInt64(truncatingIfNeeded: hash.sum >> 64))
    add(UInt64(truncatingIfNeeded: hash.sum))
  }
}

extension ResolvedQuery {
  /// The query with what its states depend on only, its literals in the terms of the columns.
  fileprivate var normalized: Query {
    var normalized = query
    normalized.filter = filter
    normalized.timeRange = .unbounded
    normalized.having = nil
    normalized.limit = nil
    normalized.needs = QueryNeeds()
    // Rows have hidden columns to sort by, so for them names and order count.
    guard query.isGrouped else { return normalized }
    normalized.orderings = []
    normalized.groupings = query.groupings.enumerated().map { index, grouping in
      guard case .bucket(var bucket) = grouping else { return grouping }
      bucket.name = "key\(index)"
      return .bucket(bucket)
    }
    for index in normalized.aggregates.indices { normalized.aggregates[index].name = "state\(index)" }
    return normalized
  }
}

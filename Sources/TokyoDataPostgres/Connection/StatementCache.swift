/// The statements that a session knows: what they return and, where it keeps them prepared, their names.
///
/// Bounded: the one that was not used for the longest time makes room for a new one.
struct StatementCache {
  /// A statement with other parameter types is another statement to the server.
  struct Key: Hashable {
    let sql: String
    let types: [PostgresType]
  }

  struct Entry {
    /// Empty where statements are sent whole each time.
    let name: String
    let columns: [ServerResult.Column]
    /// How its rows were read last; most statements are always read alike.
    fileprivate var plan: (expected: ColumnSchema?, plan: ResultPlan)?
    fileprivate var lastUse: UInt64
  }

  private let limit: Int
  private let infinities: InfinityPolicy
  private var entries: [Key: Entry] = [:]
  private var uses: UInt64 = 0
  private var names: UInt64 = 0

  init(limit: Int, infinities: InfinityPolicy) {
    self.limit = max(1, limit)
    self.infinities = infinities
  }

  /// A name that no statement of the session has had.
  mutating func makeName() -> String {
    names += 1
    return "tokyo_data_\(names)"
  }

  mutating func entry(for key: Key) -> Entry? {
    guard let index = entries.index(forKey: key) else { return nil }
    uses += 1
    entries.values[index].lastUse = uses
    return entries.values[index]
  }

  /// How the rows of a statement that is known are read.
  mutating func plan(for key: Key, as expected: ColumnSchema?) throws(PostgresError) -> ResultPlan {
    guard let index = entries.index(forKey: key) else {
      throw PostgresError(.protocolViolation, "a statement runs that was not prepared")
    }
    if let known = entries.values[index].plan, known.expected == expected { return known.plan }
    let plan = try ResultPlan(entries.values[index].columns, expecting: expected, infinities: infinities)
    entries.values[index].plan = (expected, plan)
    return plan
  }

  /// Adds a statement.
  ///
  /// - Returns: the name of the one that made room, which the server may forget.
  mutating func insert(_ key: Key, name: String, columns: [ServerResult.Column]) -> String? {
    uses += 1
    var oldest: Key?
    if entries[key] == nil, entries.count >= limit {
      oldest = entries.min { $0.value.lastUse < $1.value.lastUse }?.key
    }
    let removed = oldest.flatMap { entries.removeValue(forKey: $0) }
    entries[key] = Entry(name: name, columns: columns, plan: nil, lastUse: uses)
    return removed.flatMap { $0.name.isEmpty ? nil : $0.name }
  }

  /// Forgets a statement that the server no longer has in this form.
  mutating func remove(_ key: Key) { entries.removeValue(forKey: key) }

  mutating func removeAll() { entries.removeAll() }
}

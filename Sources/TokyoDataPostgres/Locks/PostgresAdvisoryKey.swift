/// What an advisory lock locks: a number, or two, that means something to those who lock it.
///
/// Keys of one number and of two never meet. They are of one database.
public struct PostgresAdvisoryKey: Hashable, Sendable {
  private enum Form: Hashable {
    case one(Int64)
    case two(Int32, Int32)
  }

  private let form: Form

  /// A key of one number.
  public init(_ number: Int64) { form = .one(number) }

  /// A key of two numbers, such as a kind and an id.
  public init(_ first: Int32, _ second: Int32) { form = .two(first, second) }

  /// A key of one number that is the 64-bit FNV-1a hash of the name's UTF-8, as every language can compute it.
  ///
  /// Two names may share a number, and then wait for each other; among a million, one in some ten millions of
  /// times two do.
  public init(_ name: String) {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    form = .one(Int64(bitPattern: hash))
  }

  /// The numbers as arguments of the server's functions.
  var arguments: PostgresStatement {
    switch form {
    case .one(let number): "\(number)"
    case .two(let first, let second): "\(first), \(second)"
    }
  }

  /// This session holds the key, as far as `pg_locks` tells, which does not count how often.
  var isHeldHere: PostgresStatement {
    let (high, low, kind): (UInt32, UInt32, Int16) =
      switch form {
      case .one(let number):
        (UInt32(truncatingIfNeeded: number >> 32), UInt32(truncatingIfNeeded: number), 1)
      case .two(let first, let second): (UInt32(bitPattern: first), UInt32(bitPattern: second), 2)
      }
    return """
      SELECT EXISTS (
        SELECT FROM pg_catalog.pg_locks
        WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted
          AND classid::int8 = \(Int64(high)) AND objid::int8 = \(Int64(low)) AND objsubid = \(kind)
      ) AS held
      """
  }
}

/// Whom an advisory lock keeps out.
public struct PostgresAdvisoryMode: Hashable, Sendable {
  let suffix: String

  /// Everybody else.
  public static let exclusive = PostgresAdvisoryMode(suffix: "")
  /// Those who want it exclusively.
  public static let shared = PostgresAdvisoryMode(suffix: "_shared")
}

extension PostgresTransaction {
  /// Waits for an advisory lock and keeps it until the transaction ends; a savepoint that is undone gives it
  /// back too.
  ///
  /// - Throws: `PostgresError`, also for a deadlock; `CancellationError`, and then it has no lock.
  public func lock(_ key: PostgresAdvisoryKey, _ mode: PostgresAdvisoryMode = .exclusive) async throws {
    try await execute("SELECT pg_advisory_xact_lock\(unescaped: mode.suffix)(\(key.arguments))")
  }

  /// Takes an advisory lock until the transaction ends where nobody has it.
  ///
  /// - Returns: whether it was to be had.
  public func tryLock(
    _ key: PostgresAdvisoryKey, _ mode: PostgresAdvisoryMode = .exclusive
  ) async throws -> Bool {
    let answer = try await ask(
      "SELECT pg_try_advisory_xact_lock\(unescaped: mode.suffix)(\(key.arguments)) AS locked")
    return answer.columns[0][0] == .bool(true)
  }
}

extension PostgresHotTransaction {
  /// Waits for an advisory lock and keeps it until the transaction ends; a savepoint that is undone gives it
  /// back too.
  ///
  /// - Throws: `TokyoDataError`, also for a deadlock; `CancellationError`.
  public func lock(_ key: PostgresAdvisoryKey, _ mode: PostgresAdvisoryMode = .exclusive) async throws {
    try await translating("lock") { try await session.lock(key, mode) }
  }

  /// Takes an advisory lock until the transaction ends where nobody has it.
  ///
  /// - Returns: whether it was to be had.
  public func tryLock(
    _ key: PostgresAdvisoryKey, _ mode: PostgresAdvisoryMode = .exclusive
  ) async throws -> Bool {
    try await translating("lock") { try await session.tryLock(key, mode) }
  }
}

internal import TokyoDataCore

/// A transaction's view of the server, exported so that other sessions see the very same rows.
///
/// It can be taken over as long as the transaction that exported it goes on.
struct SharedSnapshot: Sendable {
  private let id: String
  private let table: PostgresStatement

  /// What every transaction that reads in bulk is told: a policy must be an error, not a subset, and managed
  /// servers end long and idle transactions.
  private static let settings: PostgresStatement = """
    SET LOCAL row_security = off; SET LOCAL statement_timeout = 0;
    SET LOCAL idle_in_transaction_session_timeout = 0
    """

  /// Locks a table against changes of its definition, then exports what the transaction sees.
  ///
  /// The transaction is repeatable read and has run nothing yet.
  init(of table: PostgresStatement, exportedBy transaction: PostgresTransaction) async throws {
    self.table = table
    try await transaction.execute(script: Self.settings)
    // Lock, then look: what rewrites or detaches is not held back by a snapshot.
    try await transaction.execute("LOCK TABLE \(table) IN ACCESS SHARE MODE")
    id = try await transaction.ask("SELECT pg_export_snapshot() AS snapshot").columns[0].text(0)
  }

  /// Makes a new repeatable read transaction see what the exporting one sees; false where another session
  /// waits to change the table's definition.
  ///
  /// That one waits for the exporting transaction, which will wait for this one: nobody would go on.
  func takeOver(by transaction: PostgresTransaction) async throws -> Bool {
    let name = PostgresStatement(unescaped: PostgresStatement.quoted(literal: id))
    try await transaction.execute(script: "SET TRANSACTION SNAPSHOT \(name); \(Self.settings)")
    do {
      try await transaction.execute("LOCK TABLE \(table) IN ACCESS SHARE MODE NOWAIT")
      return true
    } catch SQLState.lockNotAvailable { return false }
  }
}

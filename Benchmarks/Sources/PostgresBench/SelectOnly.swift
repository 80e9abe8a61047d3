internal import BenchSupport
internal import TokyoDataPostgres

/// Point queries like those of pgbench's built-in select-only script.
struct SelectOnly: Sendable {
  /// Over which sessions the tasks' queries go.
  enum Mode: String {
    /// Over the few that all tasks share.
    case shared
    /// Each task's over one that is its own for the whole time.
    case leased
  }

  let accounts: Int
  let load: Load
  /// Every account's balance was made its number, negated, so that each answer can be held against its query.
  let isChecked: Bool

  func run(on server: String, _ mode: Mode) async throws -> Times {
    switch mode {
    case .shared:
      let store = PostgresHotStore(server)
      let times = try await load.run { part in
        try await store.execute("SELECT 1")
        return try await ask(part) { try await store.query($0) }
      }
      await store.close()
      return times
    case .leased:
      let store = PostgresHotStore(PostgresConfiguration(server), maximumConnections: load.tasks + 1)
      let times = try await load.run { part in
        try await store.withConnection { connection in
          try await ask(part) { try await connection.query($0) }
        }
      }
      await store.close()
      return times
    }
  }

  private func ask(
    _ part: Load.Part, _ query: (PostgresStatement) async throws -> ColumnBatch
  ) async throws -> Times {
    var random = part.random
    return try await part.repeat {
      let id = Int32(truncatingIfNeeded: random.below(accounts) + 1)
      let rows = try await query("SELECT abalance FROM pgbench_accounts WHERE aid = \(id)")
      guard rows.rowCount == 1, case .int(let balance) = rows.columns[0][0],
        !isChecked || balance == -Int64(id)
      else { throw BenchError("a wrong answer for account \(id)") }
    }
  }
}

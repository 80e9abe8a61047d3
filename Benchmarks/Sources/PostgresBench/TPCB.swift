internal import BenchSupport
internal import TokyoDataPostgres

/// Transactions like those of pgbench's built-in tpcb-like script: seven statements, one after the other.
struct TPCB: Sendable {
  let scale: Int
  let load: Load

  func run(on server: String) async throws -> Times {
    let store = PostgresHotStore(PostgresConfiguration(server), maximumConnections: load.tasks)
    let times = try await load.run { part in
      // A transaction more that all tasks are in at the same time, so that each has a connection by then.
      try await store.withTransaction { transaction in
        try await transaction.execute("SELECT 1")
        await part.line.wait()
      }
      var random = part.random
      return try await part.repeat { try await transact(on: store, &random) }
    }
    await store.close()
    return times
  }

  private func transact(on store: PostgresHotStore, _ random: inout SplitMix) async throws {
    let account = Int32(truncatingIfNeeded: random.below(scale * 100_000) + 1)
    let teller = Int32(truncatingIfNeeded: random.below(scale * 10) + 1)
    let branch = Int32(truncatingIfNeeded: random.below(scale) + 1)
    let delta = Int32(truncatingIfNeeded: random.below(10_001) - 5_000)
    try await store.withTransaction { transaction in
      try await transaction.execute(
        "UPDATE pgbench_accounts SET abalance = abalance + \(delta) WHERE aid = \(account)")
      let balance = try await transaction.query(
        "SELECT abalance FROM pgbench_accounts WHERE aid = \(account)")
      guard balance.rowCount == 1, case .int = balance.columns[0][0] else {
        throw BenchError("account \(account) has no balance")
      }
      try await transaction.execute(
        "UPDATE pgbench_tellers SET tbalance = tbalance + \(delta) WHERE tid = \(teller)")
      try await transaction.execute(
        "UPDATE pgbench_branches SET bbalance = bbalance + \(delta) WHERE bid = \(branch)")
      try await transaction.execute(
        """
        INSERT INTO pgbench_history (tid, bid, aid, delta, mtime)
        VALUES (\(teller), \(branch), \(account), \(delta), CURRENT_TIMESTAMP)
        """)
    }
  }
}

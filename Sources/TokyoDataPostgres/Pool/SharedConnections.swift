internal import Synchronization

/// The few sessions over which the independent statements of all tasks go, many at a time in each.
///
/// They are leased from the pool and count there. A further one is leased when all have statements under way,
/// and one that is quiet goes back when others need the pool's connections.
final class SharedConnections: Sendable {
  private struct Seat {
    var connection: PostgresConnection?
    var opening: Task<PostgresConnection?, any Error>?
    /// Statements that were given to it and have not been answered.
    var load = 0
  }

  private enum Choice {
    case open(PostgresConnection)
    case opening(Task<PostgresConnection?, any Error>)
  }

  private let pool: PostgresConnectionPool
  private let limit: Int
  private let seats: Mutex<[Seat]>

  init(_ pool: PostgresConnectionPool, limit: Int) {
    self.pool = pool
    self.limit = max(1, limit)
    seats = Mutex(Array(repeating: Seat(), count: max(1, limit)))
    pool.whenShutDown { [weak self] in
      Task { await self?.giveBackQuiet() }
    }
  }

  /// Lends a session that others use too.
  func withConnection<Result>(_ body: (PostgresConnection) async throws -> Result) async throws -> Result {
    let (seat, connection) = try await take()
    do {
      let result = try await body(connection)
      await leave(seat)
      return result
    } catch {
      await leave(seat)
      throw error
    }
  }

  /// Gives quiet sessions back to the pool where it has none left for others.
  func makeRoom() async {
    if pool.isFull { await giveBackQuiet() }
  }

  /// A session, opened where it pays: beyond the first only while the pool has connections to spare.
  private func take(mayOpen: Bool = true) async throws -> (seat: Int, PostgresConnection) {
    let (seat, choice): (Int, Choice) = seats.withLock { seats in
      let seat = Self.choose(among: seats, mayOpen: mayOpen)
      let isFirst = seats.allSatisfy { $0.connection == nil && $0.opening == nil }
      seats[seat].load += 1
      if let connection = seats[seat].connection, connection.isUsable { return (seat, .open(connection)) }
      if let opening = seats[seat].opening { return (seat, .opening(opening)) }
      let broken = seats[seat].connection.take()
      let opening = Task { [pool] in
        if let broken { await pool.giveBackShared(broken) }
        return isFirst ? try await pool.leaseForSharing() : try await pool.leaseForSharingIfFree()
      }
      seats[seat].opening = opening
      return (seat, .opening(opening))
    }
    switch choice {
    case .open(let connection): return (seat, connection)
    case .opening(let opening):
      let outcome = await opening.result
      seats.withLock { seats in
        guard seats[seat].opening == opening else { return }
        seats[seat].opening = nil
        seats[seat].connection = try? outcome.get()
      }
      do {
        try Task.checkCancellation()
        if let connection = try outcome.get() { return (seat, connection) }
      } catch {
        await leave(seat)
        throw error
      }
      await leave(seat)
      return try await take(mayOpen: false)
    }
  }

  /// A statement was answered; the last one of a session that is no longer wanted gives it back.
  private func leave(_ seat: Int) async {
    let quiet = seats.withLock { seats -> PostgresConnection? in
      seats[seat].load -= 1
      guard seats[seat].load == 0, let connection = seats[seat].connection else { return nil }
      guard pool.wantsBack(connection) else { return nil }
      return seats[seat].connection.take()
    }
    if let quiet { await pool.giveBackShared(quiet) }
  }

  private func giveBackQuiet() async {
    let quiet = seats.withLock { seats in
      seats.indices.compactMap { seats[$0].load == 0 ? seats[$0].connection.take() : nil }
    }
    for connection in quiet { await pool.giveBackShared(connection) }
  }

  /// An open session without load, else one to be opened, else the one of least load.
  private static func choose(among seats: [Seat], mayOpen: Bool) -> Int {
    func rank(_ seat: Seat) -> Int {
      if seat.connection == nil, seat.opening == nil, !mayOpen { return .max }
      let depth = seat.load / Tune.fill
      return 2 * depth + (seat.connection == nil ? 1 : 0)
    }
    return seats.indices.min { rank(seats[$0]) < rank(seats[$1]) } ?? 0
  }
}

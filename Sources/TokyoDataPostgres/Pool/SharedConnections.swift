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
    /// When one was answered, or the first was given to it.
    var lastProgress = ContinuousClock.now
  }

  /// A session takes so many statements before the next is used: what is sent together costs least.
  private static let fill = 16
  /// A session that answered nothing for so long has a statement that others should not stand behind.
  private static let patience = Duration.milliseconds(2)

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
      if seats[seat].load == 0 { seats[seat].lastProgress = .now }
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
      seats[seat].lastProgress = .now
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

  /// The first session that is not filled, opened if need be; one that is stuck is the last choice.
  private static func choose(among seats: [Seat], mayOpen: Bool) -> Int {
    let now = ContinuousClock.now
    func rank(_ seat: Seat) -> Int {
      if seat.connection == nil, seat.opening == nil, !mayOpen { return .max }
      let isStuck = seat.load > 0 && now - seat.lastProgress > patience
      return 4 * (seat.load / fill) + (isStuck ? 2 : 0) + (seat.connection == nil ? 1 : 0)
    }
    var (chosen, least) = (0, Int.max)
    for index in seats.indices {
      let rank = rank(seats[index])
      if rank < least { (chosen, least) = (index, rank) }
    }
    return chosen
  }
}

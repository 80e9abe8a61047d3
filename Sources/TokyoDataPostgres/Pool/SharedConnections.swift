internal import Synchronization

/// The few sessions over which the independent statements of all tasks go, many at a time in each.
///
/// A further session is opened only when those that are open have more than a few statements under way each:
/// what is sent together costs server and client least.
final class SharedConnections: Sendable {
  private struct Seat {
    var connection: PostgresConnection?
    var opening: Task<PostgresConnection, any Error>?
    /// Statements that were given to it and have not been answered.
    var load = 0
  }

  private let configuration: PostgresConfiguration
  private let seats: Mutex<[Seat]>
  private let limit: Int
  /// Statements of a session beyond which another session is worth opening.
  private let fewStatements: Int

  init(_ configuration: PostgresConfiguration, limit: Int, fewStatements: Int = 1) {
    self.configuration = configuration
    self.limit = max(1, limit)
    self.fewStatements = fewStatements
    seats = Mutex([])
  }

  /// Lends a session that others use too.
  func withConnection<Result>(_ body: (PostgresConnection) async throws -> Result) async throws -> Result {
    let (index, connection) = try await take()
    defer { seats.withLock { $0[index].load -= 1 } }
    return try await body(connection)
  }

  func close() async {
    let connections = seats.withLock { seats in
      defer { for index in seats.indices { seats[index].connection = nil } }
      return seats.compactMap(\.connection)
    }
    for connection in connections { await connection.close() }
  }

  private enum Choice {
    case open(PostgresConnection)
    case opening(Task<PostgresConnection, any Error>)
  }

  private func take() async throws -> (Int, PostgresConnection) {
    let (index, choice): (Int, Choice) = seats.withLock { seats in
      let index = Self.choose(&seats, limit, fewStatements)
      seats[index].load += 1
      if let connection = seats[index].connection, connection.isUsable { return (index, .open(connection)) }
      if let opening = seats[index].opening { return (index, .opening(opening)) }
      let opening = Task { [configuration] in try await PostgresConnection.connect(configuration) }
      seats[index].opening = opening
      return (index, .opening(opening))
    }
    switch choice {
    case .open(let connection): return (index, connection)
    case .opening(let opening):
      let outcome = await opening.result
      seats.withLock { seats in
        guard seats[index].opening == opening else { return }
        seats[index].opening = nil
        seats[index].connection = try? outcome.get()
      }
      do { return (index, try outcome.get()) } catch {
        seats.withLock { $0[index].load -= 1 }
        throw error
      }
    }
  }

  /// The seat of least load; a new one where all have much to do.
  private static func choose(_ seats: inout [Seat], _ limit: Int, _ fewStatements: Int) -> Int {
    let least = seats.indices.min { seats[$0].load < seats[$1].load }
    if let least, seats[least].load < fewStatements || seats.count >= limit { return least }
    seats.append(Seat())
    return seats.count - 1
  }
}

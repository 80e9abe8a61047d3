/// Names a transaction, savepoint, stream or COPY that holds a connection.
public struct PostgresHold: Hashable, Sendable {
  let number: UInt64
  /// It is a transaction or a savepoint.
  let isTransaction: Bool
}

extension PostgresConnection {
  func makeHold(isTransaction: Bool = false) -> PostgresHold {
    lastHold += 1
    return PostgresHold(number: lastHold, isTransaction: isTransaction)
  }
}

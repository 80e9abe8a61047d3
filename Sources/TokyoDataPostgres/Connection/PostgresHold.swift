/// Names a transaction, stream or COPY that holds a connection.
public struct PostgresHold: Hashable, Sendable {
  let number: UInt64
}

extension PostgresConnection {
  func makeHold() -> PostgresHold {
    lastHold += 1
    return PostgresHold(number: lastHold)
  }
}

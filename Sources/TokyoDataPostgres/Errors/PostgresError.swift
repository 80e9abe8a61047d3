internal import TokyoDataCore

/// What can go wrong between us and a PostgreSQL server; names columns and types, never values or SQL.
public struct PostgresError: Error, Sendable {
  /// The kind of error; more may be added.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    /// The code's name.
    public let description: String

    /// No session could be opened.
    public static let connectionFailed = Code(description: "connectionFailed")
    /// The session ended while a statement ran.
    public static let connectionLost = Code(description: "connectionLost")
    /// The session ended while a transaction committed: nobody can say whether it did.
    public static let outcomeUnknown = Code(description: "outcomeUnknown")
    /// The connection or pool was closed before.
    public static let closed = Code(description: "closed")
    /// A transaction, stream or COPY holds the connection.
    public static let busy = Code(description: "busy")
    /// No connection of the pool became free within the lease's timeout.
    public static let poolExhausted = Code(description: "poolExhausted")
    /// So many tasks wait for a connection of the pool already that one more is turned away at once.
    public static let tooManyWaiters = Code(description: "tooManyWaiters")
    /// The server refused the statement; the cause is a ``PostgresServerError``.
    public static let server = Code(description: "server")
    /// The call's timeout passed.
    public static let deadlineExceeded = Code(description: "deadlineExceeded")
    /// A transaction was to commit after one of its statements had failed.
    public static let transactionAborted = Code(description: "transactionAborted")
    /// A transaction-pooling proxy stands between, and this needs a session of its own.
    public static let unsupportedByPooler = Code(description: "unsupportedByPooler")
    /// A statement cannot be sent as it is.
    public static let invalidStatement = Code(description: "invalidStatement")
    /// A type has no place among our column types, or not in the column asked for.
    public static let unsupportedType = Code(description: "unsupportedType")
    /// A value does not fit the column it goes into.
    public static let valueNotRepresentable = Code(description: "valueNotRepresentable")
    /// The server sent what the protocol does not allow.
    public static let protocolViolation = Code(description: "protocolViolation")
    /// This machine refused a thread or a descriptor.
    public static let outOfResources = Code(description: "outOfResources")
  }

  /// The kind of error.
  public var code: Code
  /// What is wrong, in words, without any row's values, SQL, hosts or secrets.
  public var message: String
  /// The column it concerns, where one is known.
  public var column: String?
  /// The error below this one.
  public var cause: (any Error)?

  /// Makes an error of a kind, with a message and optionally its column and cause.
  public init(_ code: Code, _ message: String, column: String? = nil, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.column = column
    self.cause = cause
  }

  /// The same error, naming a column.
  func inColumn(_ name: String) -> PostgresError {
    var copy = self
    copy.column = column ?? name
    return copy
  }

  /// The same error about a value, telling where in a result it is, and from which type to which it was to go.
  func inColumn(at index: Int, of schema: ColumnSchema) -> PostgresError {
    let field = schema.fields[index]
    var copy = inColumn(field.name)
    let source = schema.sourceType(at: index).map { "\($0) " } ?? ""
    copy.message += " (\(source)at index \(index), for a \(field.type) column)"
    return copy
  }
}

extension PostgresError: CustomStringConvertible, CustomDebugStringConvertible {
  /// The error or value in words, without values of rows, SQL, hosts or secrets.
  public var description: String {
    let state = (cause as? PostgresServerError).map { " [\($0)]" } ?? ""
    return "\(code): \(message)\(state)" + (column.map { " (column \($0))" } ?? "")
  }

  /// As `description`, with the cause and what the server said; still without values of rows.
  public var debugDescription: String {
    description + (cause.map { "; caused by \(String(reflecting: $0))" } ?? "")
  }
}

/// Libpq's own words, which name hosts and users: a cause for those who debug, not part of `description`.
struct PostgresClientMessage: Error, CustomStringConvertible, CustomDebugStringConvertible {
  var text: String
  var description: String { "libpq reported a failure" }
  var debugDescription: String { text }
}

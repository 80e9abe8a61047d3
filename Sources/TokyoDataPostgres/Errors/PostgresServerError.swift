/// What the server said about a statement that failed.
///
/// `description` shows the state only. The server's texts quote values and SQL, so they are for code that
/// asks for them; `debugDescription` adds the message where its class is not known to quote values.
public struct PostgresServerError: Error, Hashable, Sendable {
  /// The condition.
  public var sqlState: SQLState
  /// `ERROR`, `FATAL` or `PANIC`, never translated.
  public var severity: String
  /// The server's primary message; may quote values.
  public var message: String
  /// The server's detail, which often quotes a row's values, or nil.
  public var detail: String?
  /// The server's hint, or nil.
  public var hint: String?
  /// The schema concerned, where the server names it.
  public var schema: String?
  /// The table concerned, where the server names it.
  public var table: String?
  /// The column concerned, where the server names it.
  public var column: String?
  /// The constraint concerned, where the server names it.
  public var constraint: String?

  /// Makes an error of a state, a severity and a message.
  public init(sqlState: SQLState, severity: String = "ERROR", message: String) {
    self.sqlState = sqlState
    self.severity = severity
    self.message = message
  }

  /// The server's error that `error` is or was caused by, or nil.
  public init?(in error: any Error) {
    if let error = error as? PostgresServerError {
      self = error
    } else if let cause = (error as? PostgresError)?.cause {
      self.init(in: cause)
    } else {
      return nil
    }
  }

  /// The server closes the session with this error.
  var endsSession: Bool { severity == "FATAL" || severity == "PANIC" }
}

extension PostgresServerError: CustomStringConvertible, CustomDebugStringConvertible {
  /// The error or value in words, without values of rows, SQL, hosts or secrets.
  public var description: String { "SQLSTATE \(sqlState)" }

  /// As `description`, with the cause and what the server said; still without values of rows.
  public var debugDescription: String {
    // Data exceptions quote the offending value, and P0001 says whatever a function's author wrote.
    let quotes = sqlState.class == .dataException || sqlState.class.rawValue == "P0"
    let names = [("schema", schema), ("table", table), ("column", column), ("constraint", constraint)]
      .compactMap { name, value in value.map { "\(name) \($0)" } }
    return (["\(severity) \(sqlState)"] + (quotes ? [] : [message]) + names).joined(separator: "; ")
  }
}

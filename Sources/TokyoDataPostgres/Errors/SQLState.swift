/// The five characters by which PostgreSQL names a condition, such as `23505` for a unique violation.
///
/// A state or a ``Class`` is also a pattern for errors: `catch SQLState.uniqueViolation`,
/// `catch SQLState.Class.integrityConstraintViolation`.
public struct SQLState: RawRepresentable, Hashable, Sendable {
  /// The five characters.
  public let rawValue: String

  /// Makes a state of its five characters.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// The class, which is the first two characters.
  public var `class`: Class { Class(rawValue: String(rawValue.prefix(2))) }

  /// A family of states that share their first two characters.
  public struct Class: RawRepresentable, Hashable, Sendable {
    /// The two characters.
    public let rawValue: String

    /// Makes a class of its two characters.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Class 08, the connection failed.
    public static let connectionException = Class(rawValue: "08")
    /// Class 22, a value is impossible: division by zero, out of range, bad text.
    public static let dataException = Class(rawValue: "22")
    /// Class 23, a constraint is violated.
    public static let integrityConstraintViolation = Class(rawValue: "23")
    /// Class 25, the transaction is in a state that forbids the statement.
    public static let invalidTransactionState = Class(rawValue: "25")
    /// Class 28, who connects is not let in.
    public static let invalidAuthorization = Class(rawValue: "28")
    /// Class 40, the transaction was rolled back and may be tried again.
    public static let transactionRollback = Class(rawValue: "40")
    /// Class 42, syntax, unknown names, missing privileges.
    public static let syntaxErrorOrAccessRuleViolation = Class(rawValue: "42")
    /// Class 53, the server lacks memory, disk or connections.
    public static let insufficientResources = Class(rawValue: "53")
    /// Class 57, an operator or a cancel request intervened.
    public static let operatorIntervention = Class(rawValue: "57")
  }

  /// 21000: a statement meets a row twice, or more rows than it may.
  public static let cardinalityViolation = SQLState(rawValue: "21000")
  /// 23505: a unique key exists already.
  public static let uniqueViolation = SQLState(rawValue: "23505")
  /// 0A000: the server has no such feature, or a prepared statement's result changed its type.
  public static let featureNotSupported = SQLState(rawValue: "0A000")
  /// 26000: a prepared statement does not exist.
  public static let invalidStatementName = SQLState(rawValue: "26000")
  /// 25P02: an earlier statement of the transaction failed.
  public static let inFailedTransaction = SQLState(rawValue: "25P02")
  /// 3F000: the schema does not exist.
  public static let invalidSchemaName = SQLState(rawValue: "3F000")
  /// 40001: the transaction could not be serialized.
  public static let serializationFailure = SQLState(rawValue: "40001")
  /// 40P01: the transaction was the victim of a deadlock.
  public static let deadlockDetected = SQLState(rawValue: "40P01")
  /// 42501: the role lacks a privilege, or row security would hide rows.
  public static let insufficientPrivilege = SQLState(rawValue: "42501")
  /// 42P01: the table does not exist.
  public static let undefinedTable = SQLState(rawValue: "42P01")
  /// 42703: the column does not exist.
  public static let undefinedColumn = SQLState(rawValue: "42703")
  /// A table or other relation of that name exists.
  public static let duplicateTable = SQLState(rawValue: "42P07")
  /// 55P03: a lock was not to be had in time.
  public static let lockNotAvailable = SQLState(rawValue: "55P03")
  /// 57014: the statement was canceled, by request or by `statement_timeout`.
  public static let queryCanceled = SQLState(rawValue: "57014")
}

extension SQLState: CustomStringConvertible {
  /// The error or value in words, without values of rows, SQL, hosts or secrets.
  public var description: String { rawValue }
}

extension SQLState {
  /// Matches errors that carry this state, directly or as a ``PostgresError``'s cause.
  public static func ~= (pattern: SQLState, error: any Error) -> Bool {
    PostgresServerError(in: error)?.sqlState == pattern
  }
}

extension SQLState.Class {
  /// Matches the states of this class.
  public static func ~= (pattern: SQLState.Class, state: SQLState) -> Bool { state.class == pattern }

  /// Matches errors whose state is of this class, directly or as a ``PostgresError``'s cause.
  public static func ~= (pattern: SQLState.Class, error: any Error) -> Bool {
    PostgresServerError(in: error)?.sqlState.class == pattern
  }
}

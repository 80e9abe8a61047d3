/// The one error type of the SDK: a broad code, a message, where it happened and what caused it.
///
/// `description` names datasets, columns, types and days, never a row's values, SQL, hosts or paths, so it
/// may reach a log or a response. `debugDescription` adds the cause and the source location.
public struct TokyoDataError: Error, Sendable {
  /// What kind of error it is.
  public var code: Code
  /// What is wrong, in words that may be shown to anyone.
  public var message: String
  /// Where it happened, as far as known.
  public var context: Context
  /// The backend's own error, typed.
  public var cause: (any Error)?
  /// The file of ours that threw.
  public var file: String
  /// The line of ours that threw.
  public var line: Int

  /// Makes an error of a kind, with its message, place and cause.
  public init(
    _ code: Code, _ message: String, context: Context = Context(), cause: (any Error)? = nil,
    file: String = #fileID, line: Int = #line
  ) {
    self.code = code
    self.message = message
    self.context = context
    self.cause = cause
    self.file = file
    self.line = line
  }

  /// The store, operation, dataset, column, day and attempts that an error concerns, each as far as known.
  public struct Context: Hashable, Sendable {
    /// The store by its short name, such as `postgres` or `lake`.
    public var store: String?
    /// What was being done, such as `export`.
    public var operation: String?
    /// The dataset.
    public var dataset: DatasetName?
    /// The column.
    public var column: String?
    /// The day.
    public var day: Day?
    /// How often it was tried, where it was tried again.
    public var attempts: Int?

    /// Makes a context of what is known.
    public init(
      store: String? = nil, operation: String? = nil, dataset: DatasetName? = nil, column: String? = nil,
      day: Day? = nil, attempts: Int? = nil
    ) {
      self.store = store
      self.operation = operation
      self.dataset = dataset
      self.column = column
      self.day = day
      self.attempts = attempts
    }

    /// This context, with what it does not know taken from `other`.
    public func filled(from other: Context) -> Context {
      Context(
        store: store ?? other.store, operation: operation ?? other.operation,
        dataset: dataset ?? other.dataset, column: column ?? other.column, day: day ?? other.day,
        attempts: attempts ?? other.attempts)
    }
  }

  /// The same error, with what its context does not know filled in.
  public func adding(_ context: Context) -> TokyoDataError {
    var copy = self
    copy.context = self.context.filled(from: context)
    return copy
  }
}

extension TokyoDataError: CustomStringConvertible, CustomDebugStringConvertible {
  /// The value as text.
  public var description: String {
    let places = context.named.map { "\($0.name) \($0.value)" }
    return "\(code): \(message)" + (places.isEmpty ? "" : " (\(places.joined(separator: ", ")))")
  }

  /// The value as text for those who debug.
  public var debugDescription: String {
    description + (cause.map { "\n  caused by: \(String(reflecting: $0))" } ?? "") + "\n  at \(file):\(line)"
  }
}

extension TokyoDataError.Context {
  /// What is known, by name, in the order in which it is told.
  public var named: [(name: String, value: String)] {
    [
      ("store", store), ("operation", operation), ("dataset", dataset?.description), ("column", column),
      ("day", day?.description), ("attempts", attempts?.description),
    ].compactMap { name, value in value.map { (name, $0) } }
  }
}

extension TokyoDataError {
  /// An error about a column's values or types, in our terms.
  public init(
    _ error: ColumnError, context: Context = Context(), file: String = #fileID, line: Int = #line
  ) {
    let code: Code =
      switch error.code {
      case .unknownColumn: .unknownColumn
      case .typeMismatch: .typeMismatch
      case .decimalOverflow, .valueOutOfRange: .valueOutOfRange
      default: .invalidData
      }
    self.init(
      code, error.message, context: context.filled(from: Context(column: error.column)), cause: error,
      file: file, line: line)
  }
}

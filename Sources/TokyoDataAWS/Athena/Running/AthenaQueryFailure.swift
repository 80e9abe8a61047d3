internal import TokyoDataCore

/// How a query of Athena's ended that did not succeed, in Athena's own terms: the cause of a `TokyoDataError`.
///
/// `description` shows the id and the numbers; Athena's words, which may quote the statement and its data, are in
/// `debugDescription`.
public struct AthenaQueryFailure: Error, Hashable, Sendable {
  /// The query's id, by which AWS knows it.
  public var queryID: String
  /// `FAILED` or `CANCELLED`, or the state in which it stayed too long.
  public var state: String
  /// Whose fault it is: 1 the system's, 2 the user's, 3 another's.
  public var category: Int?
  /// The number of the reason in Athena's catalog of errors, such as 1004 for a table that is not there.
  public var type: Int?
  /// Athena says that the same query may succeed when it is started again.
  public var isRetryable: Bool
  /// Athena's own words.
  public var message: String?

  init(_ query: AthenaQuery) {
    queryID = query.queryExecutionId
    state = query.status.state.name
    category = query.status.athenaError?.errorCategory
    type = query.status.athenaError?.errorType
    isRetryable = query.status.athenaError?.isRetryable ?? false
    message = query.status.stateChangeReason ?? query.status.athenaError?.errorMessage
  }

  /// A query that stayed too long in a state.
  init(queryID: String, state: AthenaQueryState) {
    self.queryID = queryID
    self.state = state.name
    isRetryable = false
  }
}

extension AthenaQueryFailure: CustomStringConvertible, CustomDebugStringConvertible {
  /// Id, state and numbers.
  public var description: String {
    let numbers = [category.map { "category \($0)" }, type.map { "type \($0)" }].compactMap(\.self)
    return "query \(queryID) \(state)" + (numbers.isEmpty ? "" : " (\(numbers.joined(separator: ", ")))")
  }

  /// With Athena's own words.
  public var debugDescription: String { description + (message.map { ": \($0)" } ?? "") }
}

extension AthenaQueryFailure {
  /// The workgroup's limit on scanned bytes ended it.
  var isCutOff: Bool {
    state == AthenaQueryState.canceled.name && message?.contains("Bytes scanned limit was exceeded") == true
  }

  /// It may be started again.
  var mayStartAgain: Bool { state == AthenaQueryState.failed.name && isRetryable }

  /// The failure in our terms.
  func error(attempts: Int) -> TokyoDataError {
    let (code, words) = meaning
    return TokyoDataError(
      code, "\(words): \(self)",
      context: .init(store: "athena", operation: "query", attempts: attempts > 1 ? attempts : nil),
      cause: self)
  }

  private var meaning: (TokyoDataError.Code, String) {
    if isCutOff { return (.budgetExceeded, "the query scans more than its workgroup allows") }
    guard state == AthenaQueryState.failed.name else {
      return (.serverError, "the query was canceled in Athena")
    }
    if message?.hasPrefix("NUMERIC_VALUE_OUT_OF_RANGE") == true {
      return (.valueOutOfRange, "a number is beyond what its type holds")
    }
    switch type {
    case let type? where (0...8).contains(type):
      return (.busy, "Athena has not enough resources for the query")
    case 206?, 210?: return (.timeout, "the query took longer than Athena allows")
    case 401?, 402?: return (.permissionDenied, "Athena cannot write the query's result")
    case 1001?: return (.invalidData, "Athena cannot read or compute the data")
    case 1002?, 1004?: return (.notFound, "what the query names is not there")
    case 1003?: return (.permissionDenied, "Athena may not do what the query asks for")
    default: break
    }
    switch category.flatMap(AthenaQueryError.Category.init) {
    case .user: return (.invalidArgument, "Athena does not take the query")
    case .system: return (isRetryable ? .unavailable : .serverError, "Athena failed")
    case .other, nil: return (isRetryable ? .unavailable : .serverError, "the query failed")
    }
  }
}

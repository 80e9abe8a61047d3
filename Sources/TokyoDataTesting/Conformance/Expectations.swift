/// Fails the case unless the condition holds.
func expect(
  _ condition: Bool, _ message: @autoclosure () -> String, file: String = #fileID, line: Int = #line
) throws(ConformanceFailure) {
  guard condition else { throw ConformanceFailure(message(), file: file, line: line) }
}

/// Fails the case unless both are equal.
func expectEqual<Value: Equatable>(
  _ found: Value, _ expected: Value, _ what: String, file: String = #fileID, line: Int = #line
) throws(ConformanceFailure) {
  guard found != expected else { return }
  throw ConformanceFailure("\(what): expected \(expected), found \(found)", file: file, line: line)
}

/// Fails the case unless the body throws a `TokyoDataError`, of whatever code.
///
/// - Returns: the error.
@discardableResult
func expectError(
  _ what: String, file: String = #fileID, line: Int = #line, _ body: () async throws -> Void
) async throws -> TokyoDataError {
  try await expectError(nil, what, file: file, line: line, body)
}

/// Fails the case unless the body throws a `TokyoDataError` of this code.
///
/// - Returns: the error.
@discardableResult
func expectError(
  _ code: TokyoDataError.Code?, _ what: String, file: String = #fileID, line: Int = #line,
  _ body: () async throws -> Void
) async throws -> TokyoDataError {
  do {
    try await body()
  } catch let error as TokyoDataError {
    guard let code, error.code != code else { return error }
    throw ConformanceFailure("\(what): expected \(code), found \(error.code)", file: file, line: line)
  } catch {
    throw ConformanceFailure(
      "\(what): expected a TokyoDataError, found a \(type(of: error))", file: file, line: line)
  }
  throw ConformanceFailure("\(what): expected an error, found none", file: file, line: line)
}

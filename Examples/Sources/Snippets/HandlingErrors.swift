import TokyoData

// snippet: codes
func revenue(_ router: Router, _ query: TableQuery<Invoice>) async throws -> Answer? {
  do {
    return try await router.fetch(query)
  } catch let error as TokyoDataError where error.code == .daysUnavailable {
    print("not there: \(error.message)", error.context.day.map { "first \($0)" } ?? "")
    return nil
  } catch let error as TokyoDataError {
    switch error.category {
    case .transient, .unavailable: print("later: \(error)")  // isRetryable is true
    case .callerFault: print("change the request: \(error)")
    case .server, .internal: print("look into it: \(String(reflecting: error))")
    @unknown default: print("\(error)")
    }
    throw error
  }
}
// end snippet

func isDuplicate(_ error: TokyoDataError) -> Bool {
  // snippet: cause
  guard let cause = error.cause, let server = PostgresServerError(in: cause) else { return false }
  return server.sqlState == .uniqueViolation
  // end snippet
}

// snippet: retry
/// Repeats what may succeed when repeated, and nothing else.
func withRetries<Result>(_ attempts: Int = 3, _ work: () async throws -> Result) async throws -> Result {
  for attempt in 1..<attempts {
    do { return try await work() } catch let error as TokyoDataError where error.isRetryable {
      try await Task.sleep(for: .milliseconds(100 << attempt))
    }
  }
  return try await work()
}
// end snippet

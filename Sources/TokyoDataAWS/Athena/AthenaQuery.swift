/// A query as Athena describes it.
struct AthenaQuery: Hashable, Sendable, Decodable {
  var queryExecutionId: String
  var query: String?
  /// `DDL`, `DML` or `UTILITY`.
  var statementType: String?
  var substatementType: String?
  var status: Status
  var statistics: AthenaStatistics?
  var workGroup: String?
  var resultConfiguration: AthenaResultConfiguration?
  var managedQueryResultsConfiguration: AthenaManagedResults?
  var queryExecutionContext: AthenaQueryContext?
  var engineVersion: AthenaEngineVersion?

  struct Status: Hashable, Sendable, Decodable {
    var state: AthenaQueryState
    var stateChangeReason: String?
    var submissionDateTime: EpochSeconds?
    var completionDateTime: EpochSeconds?
    var athenaError: AthenaQueryError?
  }
}

/// How far a query is; one that runs may be queued again.
struct AthenaQueryState: Hashable, Sendable, Decodable {
  let name: String

  static let queued = AthenaQueryState(name: "QUEUED")
  static let running = AthenaQueryState(name: "RUNNING")
  static let succeeded = AthenaQueryState(name: "SUCCEEDED")
  static let failed = AthenaQueryState(name: "FAILED")
  static let canceled = AthenaQueryState(name: "CANCELLED")

  init(name: String) { self.name = name }

  init(from decoder: any Decoder) throws {
    name = try decoder.singleValueContainer().decode(String.self)
  }

  /// Nothing comes after it.
  var isFinal: Bool { [.succeeded, .failed, .canceled].contains(self) }
}

/// Why a query failed.
struct AthenaQueryError: Hashable, Sendable, Decodable {
  /// Whose fault it is.
  enum Category: Int, Sendable {
    case system = 1
    case user = 2
    case other = 3
  }

  var errorCategory: Int?
  /// The number of the reason, such as 1004 for a table that is not there.
  var errorType: Int?
  var retryable: Bool?
  var errorMessage: String?

  /// Nil for one that we do not know.
  var category: Category? { errorCategory.flatMap(Category.init) }
  /// The same query may succeed when it is started again.
  var isRetryable: Bool { retryable ?? false }
}

/// What a query took.
struct AthenaStatistics: Hashable, Sendable, Decodable {
  var dataScannedInBytes: Int?
  /// Where the list of the files lies that the query wrote.
  var dataManifestLocation: String?
  var queryQueueTimeInMillis: Int?
  var servicePreProcessingTimeInMillis: Int?
  var queryPlanningTimeInMillis: Int?
  var engineExecutionTimeInMillis: Int?
  var serviceProcessingTimeInMillis: Int?
  var totalExecutionTimeInMillis: Int?
  var dpuCount: Double?
  var resultReuseInformation: Reuse?

  struct Reuse: Hashable, Sendable, Decodable {
    var reusedPreviousResult: Bool
  }
}

/// The engine that a query or a workgroup asks for, and the one that it gets.
struct AthenaEngineVersion: Hashable, Sendable, Codable {
  var selectedEngineVersion: String?
  var effectiveEngineVersion: String?
}

/// Results that Athena keeps itself: there is no place in S3 then.
struct AthenaManagedResults: Hashable, Sendable, Codable {
  var enabled: Bool
}

/// Several queries, and those that could not be looked up.
struct AthenaQueryBatch: Hashable, Sendable, Decodable {
  struct Unprocessed: Hashable, Sendable, Decodable {
    var queryExecutionId: String?
    var errorCode: String?
    var errorMessage: String?
  }

  var queryExecutions: [AthenaQuery]?
  var unprocessedQueryExecutionIds: [Unprocessed]?
}

/// A page of a query's result.
struct AthenaResultPage: Hashable, Sendable, Decodable {
  /// Rows that a statement wrote.
  var updateCount: Int?
  var resultSet: AthenaResultSet?
  var nextToken: String?

  /// The cells of each row.
  var rows: [[String?]] { resultSet?.rows?.map { $0.data?.map(\.varCharValue) ?? [] } ?? [] }
  /// What the columns are.
  var columns: [AthenaColumn] { resultSet?.resultSetMetadata?.columnInfo ?? [] }
}

/// Rows and what their columns are.
struct AthenaResultSet: Hashable, Sendable, Decodable {
  var rows: [Row]?
  var resultSetMetadata: Metadata?

  struct Row: Hashable, Sendable, Decodable {
    var data: [Cell]?
  }

  struct Cell: Hashable, Sendable, Decodable {
    /// The value as text; it is absent for NULL, and empty for an empty one.
    var varCharValue: String?
  }

  struct Metadata: Hashable, Sendable, Decodable {
    var columnInfo: [AthenaColumn]?
  }
}

/// A column of a result.
struct AthenaColumn: Hashable, Sendable, Decodable {
  var name: String
  var label: String?
  /// The type without its arguments, such as `decimal`.
  var type: String
  var precision: Int?
  var scale: Int?
  /// `NOT_NULL`, `NULLABLE` or `UNKNOWN`.
  var nullable: String?
  var caseSensitive: Bool?
}

/// Where a query's time went, and how much went in and out.
struct AthenaRuntimeStatistics: Hashable, Sendable, Decodable {
  struct Timeline: Hashable, Sendable, Decodable {
    var queryQueueTimeInMillis: Int?
    var servicePreProcessingTimeInMillis: Int?
    var queryPlanningTimeInMillis: Int?
    var engineExecutionTimeInMillis: Int?
    var serviceProcessingTimeInMillis: Int?
    var totalExecutionTimeInMillis: Int?
  }

  struct Rows: Hashable, Sendable, Decodable {
    var inputRows: Int?
    var inputBytes: Int?
    var outputRows: Int?
    var outputBytes: Int?
  }

  var timeline: Timeline?
  var rows: Rows?
}

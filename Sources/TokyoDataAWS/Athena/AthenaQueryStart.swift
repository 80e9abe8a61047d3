internal import TokyoDataCore

/// What starts a query.
struct AthenaQueryStart: Sendable, Encodable {
  var queryString: String
  /// A second start with the same token, and everything else the same, finds the first one's query.
  var clientRequestToken: String
  var queryExecutionContext: AthenaQueryContext?
  var workGroup: String?
  /// Values for the query's question marks, each as SQL would write it.
  var executionParameters: [String]?
  var resultConfiguration: AthenaResultConfiguration?
  var resultReuseConfiguration: AthenaResultReuse?

  /// - Throws: `TokyoDataError.invalidArgument` for what Athena would not take; it does not show the query.
  func validate() throws(TokyoDataError) {
    try AthenaLimit.queryBytes.check(queryString.utf8.count, "bytes in a query")
    try AthenaLimit.tokenLength.check(clientRequestToken.unicodeScalars.count, "characters in a token")
    if let executionParameters {
      guard !executionParameters.isEmpty else {
        throw TokyoDataError(.invalidArgument, "a query's list of parameters is left out where there is none")
      }
      for parameter in executionParameters {
        try AthenaLimit.parameterLength.check(
          parameter.unicodeScalars.count, "characters in a parameter of a query")
      }
    }
    if let minutes = resultReuseConfiguration?.resultReuseByAgeConfiguration.maxAgeInMinutes {
      try AthenaLimit.reuseMinutes.check(minutes, "minutes as the age of a result")
    }
  }
}

/// Where the names in a query are looked up.
struct AthenaQueryContext: Hashable, Sendable, Codable {
  var database: String?
  var catalog: String?
}

/// Where results go, and how they are encrypted there.
struct AthenaResultConfiguration: Hashable, Sendable, Codable {
  struct Encryption: Hashable, Sendable, Codable {
    /// `SSE_S3`, `SSE_KMS` or `CSE_KMS`.
    var encryptionOption: String
    var kmsKey: String?
  }

  var outputLocation: String?
  var encryptionConfiguration: Encryption?
  var expectedBucketOwner: String?
}

/// Whether an earlier result of the same query may be given once more; nobody looks whether the data changed.
struct AthenaResultReuse: Hashable, Sendable, Codable {
  struct ByAge: Hashable, Sendable, Codable {
    var enabled: Bool
    var maxAgeInMinutes: Int?
  }

  var resultReuseByAgeConfiguration: ByAge

  init(upToMinutes minutes: Int) {
    resultReuseByAgeConfiguration = ByAge(enabled: true, maxAgeInMinutes: minutes)
  }
}

/// How a service speaks JSON: what names its operations, and how it writes the members of its documents.
struct JSONDialect: Sendable {
  /// What stands before the operation's name in `X-Amz-Target`.
  let targetPrefix: String
  /// The version in the content type.
  var version = "1.1"
  /// Members begin with a capital letter, as in `QueryExecutionId`; our properties do not.
  var isCapitalized = true

  var contentType: String { "application/x-amz-json-\(version)" }
}

extension AWSService {
  /// Nil for services that speak something else.
  var jsonDialect: JSONDialect? {
    switch self {
    case .glue: JSONDialect(targetPrefix: "AWSGlue")
    case .athena: JSONDialect(targetPrefix: "AmazonAthena")
    // The service also takes CBOR and form fields; JSON is what all of its imitations understand too.
    case .cloudWatch: JSONDialect(targetPrefix: "GraniteServiceVersion20100801", version: "1.0")
    case .cloudWatchLogs: JSONDialect(targetPrefix: "Logs_20140328", isCapitalized: false)
    case .s3, .sts: nil
    }
  }
}

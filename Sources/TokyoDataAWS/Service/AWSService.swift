/// A service of AWS that we talk to.
enum AWSService: String, Sendable, CaseIterable {
  case s3
  case glue
  case athena
  case sts
  /// CloudWatch metrics.
  case cloudWatch
  /// CloudWatch logs.
  case cloudWatchLogs

  /// The name in the scope of a signature.
  var signingName: String {
    switch self {
    case .s3, .glue, .athena, .sts: rawValue
    case .cloudWatch: "monitoring"
    case .cloudWatchLogs: "logs"
    }
  }

  /// The first label of its endpoints.
  var endpointName: String { signingName }

  /// What follows `AWS_ENDPOINT_URL_`.
  var environmentName: String {
    switch self {
    case .s3: "S3"
    case .glue: "GLUE"
    case .athena: "ATHENA"
    case .sts: "STS"
    case .cloudWatch: "CLOUDWATCH"
    case .cloudWatchLogs: "CLOUDWATCH_LOGS"
    }
  }

  /// Its name in the shared files.
  var configurationName: String { environmentName.lowercased() }
}

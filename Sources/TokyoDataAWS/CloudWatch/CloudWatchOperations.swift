extension AWSOperation {
  /// The operations of CloudWatch's metrics that we call.
  static let cloudWatch: [AWSOperation] = [.putMetricData]
  /// The operations of CloudWatch's logs that we call.
  static let cloudWatchLogs: [AWSOperation] = [.createLogGroup, .createLogStream, .putLogEvents]

  /// Twice the same would count twice, and nothing tells that it was.
  static let putMetricData = AWSOperation(.cloudWatch, "PutMetricData", .never)
  static let createLogGroup = AWSOperation(.cloudWatchLogs, "CreateLogGroup", .recognized)
  static let createLogStream = AWSOperation(.cloudWatchLogs, "CreateLogStream", .recognized)
  /// A line that stands twice in a log is better than one that is not there.
  static let putLogEvents = AWSOperation(.cloudWatchLogs, "PutLogEvents")
}

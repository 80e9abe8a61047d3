/// What a service of AWS answered to a request that it refused: a code, a status and the request's id.
///
/// `description` shows these; the service's own message, which may name buckets and keys, is in
/// `debugDescription`.
public struct AWSServiceError: Error, Hashable, Sendable {
  /// The service, such as `s3`.
  public var service: String
  /// The operation, such as `PutObject`.
  public var operation: String
  /// The service's code, such as `NoSuchKey`.
  public var code: String
  /// The status of HTTP.
  public var status: Int
  /// The request's id, for questions to AWS.
  public var requestID: String?
  /// The service's own words.
  public var message: String?
  /// A finer code than `code`, where the service has one, such as Athena's `AthenaErrorCode`.
  public var detail: String?
  /// How often the request was sent.
  public var attempts: Int

  /// Makes an error.
  public init(
    service: String, operation: String, code: String, status: Int, requestID: String? = nil,
    message: String? = nil, detail: String? = nil, attempts: Int = 1
  ) {
    self.service = service
    self.operation = operation
    self.code = code
    self.status = status
    self.requestID = requestID
    self.message = message
    self.detail = detail
    self.attempts = attempts
  }
}

extension AWSServiceError {
  /// The code that an answer has with us that cannot be read: it may have been damaged on the way.
  static let invalidResponse = "InvalidResponse"
}

extension AWSServiceError: CustomStringConvertible, CustomDebugStringConvertible {
  /// Operation, code, status and request id.
  public var description: String {
    "\(service) \(operation): \(code) (\(status)"
      + (requestID.map { ", request \($0)" } ?? "") + ")"
  }

  /// With the service's own words.
  public var debugDescription: String { description + (message.map { ": \($0)" } ?? "") }
}

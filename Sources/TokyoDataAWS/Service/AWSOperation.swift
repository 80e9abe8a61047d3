/// One operation of a service: the table of them, `all`, is what the fault tests go through.
struct AWSOperation: Sendable, Hashable {
  let service: AWSService
  /// Its name in the service's own documentation, such as `PutObject`.
  let name: String
  /// What a second try may do.
  let repetition: Repetition

  enum Repetition: Sendable, Hashable {
    /// Done twice it is as done once.
    case harmless
    /// The request carries a token, or a condition, by which the service knows a second try; what that
    /// answers may mean that the first one was done.
    case recognized
    /// Only where the service cannot have done it.
    case never
  }

  init(_ service: AWSService, _ name: String, _ repetition: Repetition = .harmless) {
    self.service = service
    self.name = name
    self.repetition = repetition
  }

  /// Every operation that we call.
  ///
  /// Each service's own list is beside its calls.
  static let all = s3 + glue + athena + sts + cloudWatch + cloudWatchLogs
}

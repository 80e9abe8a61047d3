internal import TokyoDataCore

/// What providers need from outside; tests hand in their own.
struct CredentialSettings: Sendable {
  var environment = AWSEnvironment.process
  var transport: any HTTPTransport
  /// A client of STS that signs with what a provider gives; with nil it does not sign.
  var securityTokenService: @Sendable ((any AWSCredentialProvider)?) -> any SecurityTokenService
  /// For pauses between tries.
  var clock: any Clock<Duration> = ContinuousClock()
  /// The calendar.
  var now: @Sendable () -> Timestamp = Timestamp.systemNow

  /// The shared files as they are now: they are read again each time.
  func profiles() throws -> AWSProfiles { try AWSProfiles(environment) }
}

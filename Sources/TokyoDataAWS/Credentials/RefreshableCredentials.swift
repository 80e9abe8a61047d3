/// A provider that can be told that its credentials are no longer good.
protocol RefreshableCredentials: AWSCredentialProvider {
  /// Credentials newer than some that a service called expired; the same again where there are no others.
  func refresh(after stale: AWSCredentials) async throws -> AWSCredentials
}

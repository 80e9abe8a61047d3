internal import TokyoDataCore

/// The way to AWS that a program's stores and catalogs share: region, credentials, connections, and what was
/// learned about retries, clocks and buckets.
///
/// One is enough for a program. It connects when it is first used.
public final class AWSSession: Sendable {
  private let client: AWSClient

  /// The region.
  public var region: String { client.settings.region }

  /// A session over parts that are there already.
  init(_ client: AWSClient) { self.client = client }

  /// What sends the calls of a service.
  func client(_ service: AWSService) -> AWSClient { client }
}

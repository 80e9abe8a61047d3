internal import TokyoDataCore

/// The way to AWS that a program's stores and catalogs share: region, credentials, connections, and what was
/// learned about retries, clocks and buckets.
///
/// One is enough for a program. It connects when it is first used, and its connections end with it.
public final class AWSSession: Sendable {
  private let client: AWSClient
  private let transport: CurlTransport

  /// The region.
  public var region: String { client.settings.region }

  /// A session over parts that are there already.
  init(_ client: AWSClient, on transport: CurlTransport) {
    self.client = client
    self.transport = transport
  }

  /// Closes every connection, and returns when none is left and no thread of the session runs.
  ///
  /// For a program that is about to end: what libraries do at its end must not happen beside what still runs in them.
  /// Calls under way and later ones throw `TokyoDataError.unavailable`. Cancellation does not end the wait, which
  /// takes no longer than closing does.
  public func close() async { await transport.close() }

  /// What sends the calls of a service.
  func client(_ service: AWSService) -> AWSClient { client }
}

import Foundation
import Testing

@testable import TokyoDataAWS

extension Laboratory {
  /// The port of the laboratory on this machine, for servers that stand in front of it.
  static func port() throws -> Int {
    try #require(URL(string: variable("TOKYO_TEST_AWS_ENDPOINT_URL"))?.port)
  }

  /// A client of all services that finds them at another place.
  static func client(
    at url: String, _ transport: any HTTPTransport = CurlTransport(.direct), _ time: ClientTime = hurried
  ) throws -> AWSClient {
    let usual = try client()
    var settings = usual.settings
    let endpoint = try #require(EndpointURL(url))
    for service in AWSService.allCases { settings.endpoints.custom[service] = endpoint }
    return AWSClient(settings: settings, credentials: usual.credentials, transport: transport, time: time)
  }

  /// Nobody waits between tries.
  static var hurried: ClientTime { ClientTime(clock: InstantClock()) }
}

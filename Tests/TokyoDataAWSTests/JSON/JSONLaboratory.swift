import Foundation
import Testing
import TokyoDataCore

@testable import TokyoDataAWS

/// The laboratory's services that speak JSON.
enum JSONLaboratory {
  /// One connection pool for all tests.
  private static let transport = CurlTransport()

  /// - Throws: where the laboratory is not there: run Tests/run.
  static func client() throws -> AWSClient {
    var settings = AWSSettings(region: try variable("TOKYO_TEST_AWS_REGION"))
    let url = try #require(EndpointURL(try variable("TOKYO_TEST_AWS_ENDPOINT_URL")))
    for service in AWSService.allCases { settings.endpoints.custom[service] = url }
    let keys = AWSCredentials(
      accessKeyID: try variable("TOKYO_TEST_AWS_ACCESS_KEY_ID"),
      secretAccessKey: try variable("TOKYO_TEST_AWS_SECRET_ACCESS_KEY"))
    return AWSClient(
      settings: settings, credentials: FixedCredentials(keys: keys), transport: transport)
  }

  /// A name that nobody has yet, such as a database's.
  static func newName(_ kind: String) -> String {
    kind + "_" + String(UInt64.random(in: 0...(.max)), radix: 36)
  }

  private static func variable(_ name: String) throws -> String {
    try #require(ProcessInfo.processInfo.environment[name], "\(name) is not set: run Tests/run")
  }
}

import Foundation
import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("The rules of endpoints")
struct EndpointRulesTests {
  private struct Question: Encodable {
    var service: String
    var parameters: Parameters
  }

  private struct Parameters: Encodable {
    var Region: String
    var UseFIPS: Bool
    var UseDualStack: Bool
    var Endpoint: String?
    var Bucket: String?
    var ForcePathStyle: Bool?
  }

  private struct Answer: Decodable {
    var url: String?
    var error: String?
  }

  private struct Case {
    var question: Question
    var url: String?
    var place: String
  }

  private static let regions = [
    "us-east-1", "ap-northeast-1", "eu-central-1", "mx-central-1", "xy-newland-9", "cn-north-1",
    "us-gov-west-1", "us-gov-east-1", "us-iso-east-1", "us-isob-east-1", "eu-isoe-west-1",
    "us-isof-south-1", "eusc-de-east-1",
  ]

  private static let buckets = [
    nil, "data", "my.data.lake", "Data", "under_score", "ab", "a-1", "-a", "a--b",
    String(repeating: "x", count: 63),
    "192.168.1.1",
  ]

  private static let endpoints = [
    nil, "https://10.0.0.1:9000", "https://storage.example.com", "http://minio:9000/base",
    "https://[::1]:9000",
    "https://vpce-1.s3.us-east-1.vpce.amazonaws.com",
  ]

  // Not among them: an address over plain HTTP, in front of which botocore would put a bucket with dots.

  private static func name(_ service: AWSService) -> String {
    switch service {
    case .cloudWatch: "cloudwatch"
    case .cloudWatchLogs: "logs"
    case .s3, .glue, .athena, .sts: service.rawValue
    }
  }

  @Test("For every region, property, bucket and custom endpoint botocore's rules say the same")
  func botocore() throws {
    var cases: [Case] = []
    for service in AWSService.allCases {
      for region in Self.regions {
        for flags in 0..<4 {
          for endpoint in Self.endpoints {
            for bucket in service == .s3 ? Self.buckets : [nil] {
              for addressing in service == .s3
                ? [BucketAddressing.automatic, .path, .virtualHost] : [.automatic]
              {
                cases.append(
                  try Self.makeCase(
                    service, region, fips: flags & 1 != 0, dualstack: flags & 2 != 0, endpoint, bucket,
                    addressing))
              }
            }
          }
        }
      }
    }
    let answers = try BotocoreOracle.answers(cases.map(\.question), as: Answer.self)
    var refused = 0
    for (one, answer) in zip(cases, answers) {
      #expect(one.url == answer.url, "\(one.place): \(answer.error ?? "")")
      if one.url == nil { refused += 1 }
    }
    #expect(cases.count > 10_000 && refused > 100)
  }

  private static func makeCase(
    _ service: AWSService, _ region: String, fips: Bool, dualstack: Bool, _ endpoint: String?,
    _ bucket: String?,
    _ addressing: BucketAddressing
  ) throws -> Case {
    var settings = EndpointSettings()
    settings.usesFIPS = fips
    settings.usesDualstack = dualstack
    settings.addressing = addressing
    if let endpoint { settings.custom = [service: try #require(EndpointURL(endpoint))] }
    let isPathForced = addressing == .path || (endpoint != nil && addressing == .automatic)
    let question = Question(
      service: name(service),
      parameters: Parameters(
        Region: region, UseFIPS: fips, UseDualStack: dualstack, Endpoint: endpoint, Bucket: bucket,
        ForcePathStyle: service == .s3 ? isPathForced : nil))
    let found = try? EndpointRules(settings).endpoint(service, region: region, bucket: bucket)
    let url = found.map { "\($0.origin.isSecure ? "https" : "http")://\($0.origin.authority)\($0.path)" }
    #expect(found?.region ?? region == region)
    return Case(
      question: question, url: url,
      place: "\(service) \(region) fips \(fips) dualstack \(dualstack) \(endpoint ?? "-") \(bucket ?? "-")")
  }

  @Test(
    "What cannot be the name of a region is an error",
    arguments: ["", "aws-global", "eu west", "eu-west-1.evil.example", "-eu", "EU-WEST-1", "a/b", "東京"])
  func badRegion(region: String) throws {
    for service in AWSService.allCases {
      let error = #expect(throws: TokyoDataError.self) {
        try EndpointRules(EndpointSettings()).endpoint(service, region: region)
      }
      #expect(error?.code == .invalidArgument)
    }
  }

  @Test(
    "A URL has a scheme, a host, perhaps a port and a path, and nothing else",
    arguments: [
      ("http://a", "http://a"), ("HTTPS://A.b/", "https://a.b"), ("http://a:9000/x/y/", "http://a:9000/x/y"),
      ("https://a:443", "https://a"), ("http://[::1]:9000", "http://[::1]:9000"),
      ("http://10.0.0.1", "http://10.0.0.1"),
      ("https://my_host:1", "https://my_host:1"), ("", nil), ("a", nil), ("ftp://a", nil), ("http://", nil),
      ("http:///x", nil), ("http://a:", nil), ("http://a:0", nil), ("http://a:65536", nil),
      ("http://a:+1", nil),
      ("http://a b", nil), ("http://a?x", nil), ("http://a/x?y", nil), ("http://a#x", nil),
      ("http://u:p@a", nil),
      ("http://a..b", nil), ("http://-a", nil), ("http://[::1", nil), ("http://[x]", nil), ("http://[]", nil),
      ("http://a/\r\nHost: b", nil), ("http://ä", nil),
    ] as [(String, String?)])
  func urls(text: String, expected: String?) {
    let url = EndpointURL(text)
    #expect(
      url.map { "\($0.origin.isSecure ? "https" : "http")://\($0.origin.authority)\($0.path)" } == expected)
  }
}

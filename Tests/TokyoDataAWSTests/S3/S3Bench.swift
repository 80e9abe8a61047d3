import Foundation
import Testing
import TokyoDataCore
import TokyoDataLake
import TokyoDataTesting

@testable import TokyoDataAWS

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// A new bucket in the laboratory, and the laboratory's own endpoint.
struct S3Bench {
  let bucket: String
  let client: S3Client
  let aws: AWSClient

  /// - Throws: where the laboratory is not there: run Tests/run.
  init() async throws {
    bucket = "s3-" + WriteMark().text
    aws = try Laboratory.client()
    client = S3Client(client: aws, bucket: bucket)
    try await client.createBucket(in: aws.settings.region)
  }

  func store(
    prefix: String? = nil, by client: AWSClient? = nil,
    _ change: (inout S3ObjectStoreOptions) -> Void = { _ in }
  ) throws -> S3ObjectStore {
    var options = S3ObjectStoreOptions()
    change(&options)
    return try S3ObjectStore(bucket: bucket, prefix: prefix, client: client ?? aws, options: options)
  }

  /// The uploads that nobody finished.
  func pendingUploads() async throws -> [S3PendingUpload] {
    var found: [S3PendingUpload] = []
    try await client.listUploads(prefix: "") { uploads, _ in found += uploads }
    return found
  }

  /// How often an operation on this bucket arrived since a place in the log.
  func count(_ operation: String) async throws -> Int {
    let entries = try await Laboratory.log().filter { $0.target.contains(bucket) }
    return entries.count { $0.operation == "s3:" + operation }
  }
}

/// The laboratory's own endpoint, `/_laboratory`.
enum Laboratory {
  struct Entry: Decodable {
    var operation: String
    var target: String
    var status: Int
  }

  /// A client of its own, with a quota of retries of its own, that does not wait between tries.
  ///
  /// - Parameter agent: A name by which faults find its requests, where the target does not tell them from others'.
  static func client(named agent: String? = nil) throws -> AWSClient {
    var configuration = AWSConfiguration(region: try variable("TOKYO_TEST_AWS_REGION"))
    configuration.endpointURL = try variable("TOKYO_TEST_AWS_ENDPOINT_URL")
    let keys = StaticCredentials(
      accessKeyID: try variable("TOKYO_TEST_AWS_ACCESS_KEY_ID"),
      secretAccessKey: try variable("TOKYO_TEST_AWS_SECRET_ACCESS_KEY"))
    var settings = try AWSSettings(configuration, AWSSettingSources())
    if let agent { settings.userAgent = agent }
    return AWSClient(
      settings: settings, credentials: keys, transport: transport, time: ClientTime(clock: InstantClock()))
  }

  private static let transport = CurlTransport()

  static func variable(_ name: String) throws -> String {
    try #require(ProcessInfo.processInfo.environment[name], "\(name) is not set: run Tests/run")
  }

  static func log() async throws -> [Entry] {
    struct Answer: Decodable { var entries: [Entry] }
    return try JSONDecoder().decode(Answer.self, from: await send("GET", "/log")).entries
  }

  /// Ends temporary keys now.
  static func expire(_ accessKeyID: String) async throws {
    _ = try await send("POST", "/expire", ["access_key_id": accessKeyID])
  }

  /// Runs `body` while the rules are in force, one such test after another: the rules are the laboratory's.
  static func withFaults<Result>(
    _ rules: [[String: any Sendable]], _ body: () async throws -> Result
  ) async throws -> Result {
    await turn.enter()
    let result: Result
    do {
      _ = try await send("POST", "/faults", ["seed": 7, "rules": rules])
      result = try await body()
    } catch {
      _ = try? await send("DELETE", "/faults")
      await turn.leave()
      throw error
    }
    _ = try await send("DELETE", "/faults")
    await turn.leave()
    return result
  }

  private static let turn = Turn()

  private static func send(_ method: String, _ path: String, _ document: [String: Any]? = nil) async throws
    -> Data
  {
    let endpoint = try variable("TOKYO_TEST_AWS_ENDPOINT_URL")
    var request = URLRequest(url: try #require(URL(string: endpoint + "/_laboratory" + path)))
    request.httpMethod = method
    if let document { request.httpBody = try JSONSerialization.data(withJSONObject: document) }
    let (data, response) = try await URLSession.shared.data(for: request)
    #expect((response as? HTTPURLResponse)?.statusCode == 200, "\(String(decoding: data, as: UTF8.self))")
    return data
  }
}

/// Lets one task in at a time, in order.
actor Turn {
  private var isTaken = false
  private var waiters: [CheckedContinuation<Void, Never>] = []

  func enter() async {
    guard isTaken else { return isTaken = true }
    await withCheckedContinuation { waiters.append($0) }
  }

  func leave() {
    if waiters.isEmpty { isTaken = false } else { waiters.removeFirst().resume() }
  }
}

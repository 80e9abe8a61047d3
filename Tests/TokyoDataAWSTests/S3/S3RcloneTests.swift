import Testing
import TokyoDataCore
import TokyoDataLake
import TokyoDataTesting

@testable import TokyoDataAWS

/// `rclone serve s3`: a second server, by other people, that checks signatures.
///
/// It keeps less of S3 than our stores need to be safe. What it does not keep is listed here with the reason;
/// a case that begins to pass fails its test until it is taken off the list.
@Suite("S3ObjectStore on rclone's S3", .timeLimit(.minutes(5)))
struct S3RcloneTests {
  private static let conditions = "a put with If-None-Match replaces the object that is there"

  /// Sentences of the contract that it does not keep, wherever the store's root is.
  static let unsupported: [String: String] = [
    "A put onto an existing object is a `conflict` and leaves it as it was.": conditions,
    "Of several puts of one key at once exactly one succeeds.": conditions,
    "A commit onto an existing object is a `conflict` and leaves it as it was.": conditions,
  ]

  /// And those that it keeps only below a prefix.
  static let unsupportedAtTheRoot: [String: String] = [
    "A listing gives every object whose key begins with the prefix, and no other.":
      "the prefix \"/\" lists what \"\" does, as objects are files and a bucket is a folder"
  ]

  @Test("keeps the contract as far as rclone does", arguments: ObjectStoreConformance.cases)
  func keepsContract(_ conformance: ConformanceCase<any ObjectStore>) async throws {
    try await run(conformance, below: nil, except: Self.unsupported.merging(Self.unsupportedAtTheRoot) { $1 })
  }

  @Test("keeps it below a prefix as far as rclone does", arguments: ObjectStoreConformance.cases)
  func keepsContractBelow(_ conformance: ConformanceCase<any ObjectStore>) async throws {
    try await run(conformance, below: "lake/é", except: Self.unsupported)
  }

  @Test("the lists name sentences of the contract, most of which it keeps")
  func lists() {
    let sentences = Set(ObjectStoreConformance.cases.map(\.sentence))
    #expect(sentences.isSuperset(of: Self.unsupported.keys))
    #expect(sentences.isSuperset(of: Self.unsupportedAtTheRoot.keys))
    #expect(Self.unsupported.count + Self.unsupportedAtTheRoot.count <= sentences.count / 5)
  }

  private func run(
    _ conformance: ConformanceCase<any ObjectStore>, below prefix: String?,
    except unsupported: [String: String]
  ) async throws {
    let store = try await Self.store(below: prefix)
    guard let reason = unsupported[conformance.sentence] else { return try await conformance.run(on: store) }
    try await withKnownIssue("\(reason)") {
      try await conformance.run(on: store)
    } matching: {
      // Not for a server that is away, nor for a signature that it refuses.
      $0.error is ConformanceFailure
    }
  }

  /// A store in a bucket of its own.
  private static func store(below prefix: String?) async throws -> S3ObjectStore {
    var configuration = AWSConfiguration(region: "us-east-1")
    configuration.endpointURL = try Laboratory.variable("TOKYO_TEST_RCLONE_ENDPOINT_URL")
    let keys = StaticCredentials(
      accessKeyID: try Laboratory.variable("TOKYO_TEST_RCLONE_ACCESS_KEY_ID"),
      secretAccessKey: try Laboratory.variable("TOKYO_TEST_RCLONE_SECRET_ACCESS_KEY"))
    let client = AWSClient(
      settings: try AWSSettings(configuration, AWSSettingSources()), credentials: keys, transport: transport,
      time: ClientTime(clock: InstantClock()))
    let bucket = "s3-" + WriteMark().text
    try await S3Client(client: client, bucket: bucket).createBucket(in: "us-east-1")
    return try S3ObjectStore(bucket: bucket, prefix: prefix, client: client, options: S3ObjectStoreOptions())
  }

  private static let transport = CurlTransport()
}

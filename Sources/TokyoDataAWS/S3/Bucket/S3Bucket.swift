public import TokyoDataCore

/// A bucket, and how it is set up.
///
/// S3 carries changes of a bucket's configuration out a little later: what is read right after may be the old
/// state.
public struct S3Bucket: Sendable {
  /// The bucket's name.
  public let name: String
  let client: S3Client
  private let region: String

  /// Names a bucket, which need not exist.
  ///
  /// - Parameters:
  ///   - name: The bucket's name.
  ///   - session: Region, credentials and endpoint.
  ///   - expectedOwner: The account that must own the bucket, 12 digits; with another's, every call fails.
  /// - Throws: `TokyoDataError.invalidArgument` for a name that no bucket can have.
  public init(
    _ name: String, session: AWSSession, expectedOwner: String? = nil
  ) throws(TokyoDataError) {
    try self.init(name, client: session.client(.s3), region: session.region, expectedOwner: expectedOwner)
  }

  init(
    _ name: String, client: AWSClient, region: String, expectedOwner: String? = nil
  ) throws(TokyoDataError) {
    self.name = try Self.checked(name)
    self.region = region
    self.client = S3Client(client: client, bucket: name, expectedOwner: expectedOwner)
  }

  /// Whether the bucket is there.
  ///
  /// - Throws: `TokyoDataError.permissionDenied` where it may be, but not for us.
  public func exists() async throws -> Bool {
    try await run { try await client.headBucket() }
  }

  /// Makes the bucket in the session's region; one that is ours already stays as it is.
  ///
  /// - Throws: `TokyoDataError.conflict` where another account has the name.
  public func create() async throws {
    try await run { try await client.createBucket(in: region) }
  }

  /// The rules by which objects are moved and removed; empty where there are none.
  public func lifecycle() async throws -> [S3LifecycleRule] {
    try await run { try await client.lifecycle() }
  }

  /// Replaces the rules.
  ///
  /// - Parameter rules: At most 1,000; of none, all are removed.
  public func setLifecycle(_ rules: [S3LifecycleRule]) async throws {
    try await run { try await client.setLifecycle(rules) }
  }

  /// What may not be made public.
  public func publicAccessBlock() async throws -> S3PublicAccessBlock {
    try await run { try await client.publicAccessBlock() }
  }

  /// Replaces what may not be made public.
  public func setPublicAccessBlock(_ block: S3PublicAccessBlock) async throws {
    try await run { try await client.setPublicAccessBlock(block) }
  }

  /// How objects are encrypted of which the writer does not say; nil where the service does not tell.
  public func encryption() async throws -> S3Encryption? {
    try await run { try await client.bucketEncryption() }
  }

  /// Replaces how objects are encrypted of which the writer does not say.
  public func setEncryption(_ encryption: S3Encryption) async throws {
    try await run { try await client.setBucketEncryption(encryption) }
  }

  /// Whether the bucket keeps earlier versions of objects.
  public func versioning() async throws -> S3Versioning {
    try await run { try await client.versioning() }
  }

  /// Begins to keep earlier versions, or stops; those that are kept stay.
  public func setVersioning(_ versioning: S3Versioning) async throws {
    try await run { try await client.setVersioning(versioning) }
  }

  private func run<Result>(_ body: () async throws -> Result) async throws -> Result {
    do { return try await body() } catch { throw TokyoDataError.of(error, object: "bucket", store: "s3") }
  }

  /// A name that can stand in a host or a path as it is.
  static func checked(_ name: String) throws(TokyoDataError) -> String {
    let isValid = name.utf8.allSatisfy {
      switch $0 {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    guard isValid, (3...255).contains(name.utf8.count), name.first != "." else {
      throw TokyoDataError(
        .invalidArgument, "a bucket's name has 3 to 63 letters, digits, dashes and dots")
    }
    return name
  }
}

/// Whether a bucket keeps earlier versions of its objects.
public struct S3Versioning: Hashable, Sendable, CustomStringConvertible {
  /// As S3 calls it; empty for a bucket that never kept any.
  public var status: String

  /// Makes a state by S3's name.
  public init(status: String) { self.status = status }

  /// S3's name.
  public var description: String { status.isEmpty ? "Disabled" : status }

  /// Every version is kept.
  public static let enabled = S3Versioning(status: "Enabled")
  /// New versions replace each other, earlier ones stay.
  public static let suspended = S3Versioning(status: "Suspended")
  /// It was never switched on; no bucket can be brought back there.
  public static let disabled = S3Versioning(status: "")
}

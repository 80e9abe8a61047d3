/// How S3 encrypts objects where it keeps them.
public struct S3Encryption: Hashable, Sendable {
  /// With whose keys.
  public var algorithm: Algorithm
  /// The key in AWS KMS: its id, alias or ARN; nil for the account's own for S3.
  public var keyID: String?
  /// One key for the bucket instead of one for each object, which asks KMS less often; nil leaves it to S3.
  public var usesBucketKey: Bool?

  /// A way of encryption; S3 may have more than are named here.
  public struct Algorithm: Hashable, Sendable, CustomStringConvertible {
    /// As S3 calls it.
    public var name: String

    /// Makes an algorithm by S3's name.
    public init(name: String) { self.name = name }

    /// S3's name.
    public var description: String { name }

    /// Keys that S3 keeps.
    public static let s3 = Algorithm(name: "AES256")
    /// Keys of AWS KMS.
    public static let kms = Algorithm(name: "aws:kms")
    /// The same, in two layers.
    public static let kmsDualLayer = Algorithm(name: "aws:kms:dsse")
  }

  /// Makes a way of encryption.
  public init(algorithm: Algorithm, keyID: String? = nil, usesBucketKey: Bool? = nil) {
    self.algorithm = algorithm
    self.keyID = keyID
    self.usesBucketKey = usesBucketKey
  }

  /// With keys that S3 keeps (SSE-S3).
  public static let s3Keys = S3Encryption(algorithm: .s3)

  /// With a key of AWS KMS (SSE-KMS), by way of the bucket's key.
  public static func kms(keyID: String? = nil) -> S3Encryption {
    S3Encryption(algorithm: .kms, keyID: keyID, usesBucketKey: true)
  }
}

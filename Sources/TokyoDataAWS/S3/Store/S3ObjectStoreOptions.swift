/// How `S3ObjectStore` reads and writes.
public struct S3ObjectStoreOptions: Hashable, Sendable {
  /// The usual size in bytes of the parts of an upload, from 5 MiB to 1 GiB.
  ///
  /// Larger ones are taken for objects that would have more than 10,000. What is no larger than one part is
  /// put in one request.
  public var partSize = 8 << 20
  /// Objects and ranges larger than this, in bytes, are read in ranges of this size at once.
  public var rangeSize = 8 << 20
  /// How many parts or ranges of one object are under way at once: with their sizes, the memory that a
  /// transfer takes.
  public var width = 4
  /// The account that must own the bucket, 12 digits: with another's, every call fails.
  public var expectedBucketOwner: String?
  /// How new objects are encrypted; nil for the bucket's own way.
  public var encryption: S3Encryption?
  /// The class of new objects; nil for the standard one.
  public var storageClass: S3StorageClass?
  /// The SHA-256 of objects is part of their uploads' signatures over TLS too.
  ///
  /// Without it they are signed so over plain HTTP only; their CRC-32 is part of the signature always.
  public var signsPayloads = false

  /// Makes the usual options.
  public init() {}
}

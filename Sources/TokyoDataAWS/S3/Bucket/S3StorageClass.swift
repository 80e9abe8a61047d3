/// A class of storage: how fast, how safe and how dear; S3 may have more than are named here.
public struct S3StorageClass: Hashable, Sendable, CustomStringConvertible {
  /// As S3 calls it.
  public var name: String

  /// Makes a class by S3's name.
  public init(name: String) { self.name = name }

  /// S3's name.
  public var description: String { name }

  /// Objects that are read often.
  public static let standard = S3StorageClass(name: "STANDARD")
  /// Objects that are read now and then, kept 30 days or longer.
  public static let standardInfrequentAccess = S3StorageClass(name: "STANDARD_IA")
  /// The same, in one zone only.
  public static let oneZoneInfrequentAccess = S3StorageClass(name: "ONEZONE_IA")
  /// S3 moves each object by how it is read.
  public static let intelligentTiering = S3StorageClass(name: "INTELLIGENT_TIERING")
  /// An archive that reads at once.
  public static let glacierInstantRetrieval = S3StorageClass(name: "GLACIER_IR")
  /// An archive: objects must be restored before they are read, and Athena does not see them.
  public static let glacier = S3StorageClass(name: "GLACIER")
  /// The slowest archive, likewise.
  public static let deepArchive = S3StorageClass(name: "DEEP_ARCHIVE")
}

public import TokyoDataCore

/// What a lake needs in an account of AWS: two buckets, a workgroup of Athena and a database of Glue.
public struct LakeDeployment: Hashable, Sendable {
  /// The bucket of the lake.
  public var lakeBucket: String
  /// The folder of the lake in it, without slashes at its ends; empty for the whole bucket.
  public var lakePrefix: String
  /// The bucket of query results; another than the lake's, for what lies in it is removed.
  public var resultBucket: String
  /// The folder of query results in it; empty for the whole bucket.
  public var resultPrefix: String
  /// The workgroup in which queries run.
  public var workgroup: String
  /// The database in which tables are made.
  public var database: String
  /// How objects are encrypted; nil for any way that a bucket has, else with keys that S3 keeps.
  public var encryption: S3Encryption?
  /// The age in days at which objects of the lake move to Glacier Instant Retrieval; nil for never.
  ///
  /// No other archive comes into question: Athena leaves out what must be restored before it is read.
  public var archiveDays: Int? = 90
  /// The age in days at which query results are removed.
  public var resultDays = 30
  /// The age in days at which uploads that nobody finished are ended; longer than an export takes.
  public var unfinishedUploadDays = 7
  /// Bytes that one query may scan, at least 10,000,000; one that would scan more is canceled, and paid for.
  public var scannedBytesPerQuery = 100_000_000_000

  /// Names what a lake needs.
  public init(
    lakeBucket: String, lakePrefix: String = "", resultBucket: String, resultPrefix: String = "",
    workgroup: String, database: String
  ) {
    self.lakeBucket = lakeBucket
    self.lakePrefix = lakePrefix
    self.resultBucket = resultBucket
    self.resultPrefix = resultPrefix
    self.workgroup = workgroup
    self.database = database
  }

  /// - Throws: `TokyoDataError.invalidArgument` for what cannot be, or would endanger the lake.
  public func validate() throws(TokyoDataError) {
    func require(_ condition: Bool, _ complaint: String) throws(TokyoDataError) {
      guard condition else { throw TokyoDataError(.invalidArgument, complaint) }
    }
    _ = try S3Bucket.checked(lakeBucket)
    _ = try S3Bucket.checked(resultBucket)
    try require(
      lakeBucket != resultBucket, "query results are removed after a while: they need a bucket of their own")
    try require(workgroup != "primary", "the workgroup primary is everybody's: give the lake one of its own")
    try require(
      (1...128).contains(workgroup.utf8.count) && workgroup.utf8.allSatisfy(Self.isWorkgroupByte),
      "a workgroup's name has 1 to 128 letters, digits, dots, dashes and underscores")
    try GlueCatalog.check(database: database)
    try require(
      encryption.map { $0.algorithm == .s3 || $0.keyID != nil } ?? true,
      "Athena encrypts results by KMS with a key that is named")
    for days in [archiveDays ?? 1, resultDays, unfinishedUploadDays] {
      try require(days > 0, "the age at which something is moved or removed is at least a day")
    }
    try AthenaLimit.scannedBytes.check(scannedBytesPerQuery, "bytes as a query's limit")
    try require(
      lakeRule.id.utf8.count <= 255 && resultRule.id.utf8.count <= 255,
      "a folder's name is too long for the name of a rule")
  }

  private static func isWorkgroupByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}

internal import TokyoDataCore
internal import TokyoDataLake

/// A place in S3 as Athena writes it: `s3://bucket/key`.
struct S3Location: Hashable, Sendable {
  var bucket: String
  /// Without a slash in front; empty for the bucket itself.
  var key: String

  init(bucket: String, key: String) {
    self.bucket = bucket
    self.key = key
  }

  /// - Throws: `TokyoDataError.invalidArgument` for what is no place in S3.
  init(_ text: String) throws(TokyoDataError) {
    let scheme = "s3://"
    let parts = text.dropFirst(scheme.count).split(
      separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard text.hasPrefix(scheme), let bucket = parts.first, !bucket.isEmpty else {
      throw TokyoDataError(.invalidArgument, "a place in S3 is written s3://bucket/key")
    }
    self.bucket = try S3Bucket.checked(String(bucket))
    key = parts.count > 1 ? String(parts[1]) : ""
  }

  var text: String { "s3://\(bucket)/\(key)" }

  /// A place below this one, which is a folder.
  func appending(_ path: String) -> S3Location {
    S3Location(bucket: bucket, key: (key.isEmpty || key.hasSuffix("/") ? key : key + "/") + path)
  }

  /// The object's name in a store of the bucket.
  var objectKey: ObjectKey {
    get throws(TokyoDataError) { try ObjectKey(key) }
  }
}

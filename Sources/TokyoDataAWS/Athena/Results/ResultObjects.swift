internal import TokyoDataCore
internal import TokyoDataLake

/// The objects that queries leave in S3.
struct ResultObjects: Sendable {
  let client: AWSClient
  var expectedBucketOwner: String?

  /// The store of a bucket.
  func store(_ bucket: String) throws(TokyoDataError) -> S3ObjectStore {
    var options = S3ObjectStoreOptions()
    options.expectedBucketOwner = expectedBucketOwner
    return try S3ObjectStore(bucket: bucket, prefix: nil, client: client, options: options)
  }

  /// Deletes everything below a folder, and some objects beside it.
  func delete(below folder: S3Location, and others: [S3Location]) async throws {
    let keys = try await store(folder.bucket).list(prefix: folder.key).map(\.key)
    try await delete(keys, and: others, in: folder.bucket)
  }

  /// Deletes objects of a bucket, and of other places those in it.
  func delete(_ keys: [ObjectKey], and others: [S3Location], in bucket: String) async throws {
    var keys = keys
    for other in others where other.bucket == bucket { keys.append(try other.objectKey) }
    guard !keys.isEmpty else { return }
    for deletion in try await store(bucket).delete(keys) {
      if let error = deletion.error { throw error }
    }
  }
}

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
    let store = try store(folder.bucket)
    var keys = try await store.list(prefix: folder.key).map(\.key)
    for other in others where other.bucket == folder.bucket { keys.append(try other.objectKey) }
    guard !keys.isEmpty else { return }
    for deletion in try await store.delete(keys) {
      if let error = deletion.error { throw error }
    }
  }
}

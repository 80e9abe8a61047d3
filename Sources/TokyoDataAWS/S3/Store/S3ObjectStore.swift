public import TokyoDataCore
public import TokyoDataLake

/// Objects in a bucket of S3, below a prefix.
///
/// Every object is written with a checksum, which is compared when all of it is read. Large objects are read
/// in ranges at once, of one state of the object, and written in parts at once. A put or commit onto an
/// existing object is refused by S3 itself (`If-None-Match`), whoever else writes. Where an answer is lost, the
/// store finds out what became of the request, by a mark in the metadata of every object that it makes:
/// `x-amz-meta-tokyodata-write`.
///
/// An upload of no more than a part is held in memory until its commit, so that another process cannot end it.
/// A lifecycle rule with `unfinishedUploadDays` removes what processes left that were killed in the midst of
/// an upload.
public struct S3ObjectStore: ObjectStore {
  /// `s3`.
  public let name = "s3"
  let client: S3Client
  let options: S3ObjectStoreOptions
  /// What stands before every key: empty, or with a slash at its end.
  let root: String
  /// The uploads under way of this store.
  let uploads = S3UploadList()

  /// Makes a store; it connects when it is first used.
  ///
  /// - Parameters:
  ///   - bucket: The bucket's name.
  ///   - prefix: What stands before every key, such as `lake`; a slash is put between. Nil for nothing.
  ///   - session: Region, credentials and endpoint.
  ///   - options: Sizes, encryption and the like.
  /// - Throws: `TokyoDataError.invalidArgument` for names that cannot be.
  public init(
    bucket: String, prefix: String? = nil, session: AWSSession,
    options: S3ObjectStoreOptions = S3ObjectStoreOptions()
  ) throws(TokyoDataError) {
    try self.init(bucket: bucket, prefix: prefix, client: session.client(.s3), options: options)
  }

  init(
    bucket: String, prefix: String?, client: AWSClient, options: S3ObjectStoreOptions
  ) throws(TokyoDataError) {
    var client = S3Client(client: client, bucket: try S3Bucket.checked(bucket))
    client.expectedOwner = options.expectedBucketOwner
    client.encryption = options.encryption
    client.storageClass = options.storageClass
    client.signsPayloads = options.signsPayloads
    self.client = client
    self.options = options
    let prefix = prefix ?? ""
    let path = prefix.hasSuffix("/") ? String(prefix.dropLast()) : prefix
    root = path.isEmpty ? "" : try ObjectKey(path).path + "/"
  }

  /// Asks for the object's head.
  public func size(of key: ObjectKey) async throws -> Int? {
    try await run(key.name) { try await client.head(path(of: key))?.size }
  }

  /// One request, or an upload in parts for what is larger than one.
  public func put(_ bytes: [UInt8], as key: ObjectKey) async throws {
    let plan = PartPlan(partSize: options.partSize, objectSize: bytes.count)
    guard bytes.count > plan.size(ofPart: 1) else {
      return try await run(key.name) { try await client.put([bytes[...]], as: path(of: key)) }
    }
    try await withUpload(of: bytes.count, to: key) { try await $0.write(bytes) }
  }

  /// Begins an upload, whose parts go out while it is written.
  public func upload(to key: ObjectKey) async throws -> any ObjectUpload {
    upload(to: key, plan: PartPlan(partSize: options.partSize))
  }

  /// Makes an object of about `size` bytes of what `body` writes: committed when it returns, aborted when it
  /// throws.
  ///
  /// The size decides how large the parts are; without it (`withUpload(to:)`) they grow as the object does.
  ///
  /// - Throws: `TokyoDataError.conflict` where the key is taken, what `body` throws, `CancellationError`; no
  ///   upload is left behind then.
  public func withUpload<Result>(
    of size: Int, to key: ObjectKey, _ body: (any ObjectUpload) async throws -> Result
  ) async throws -> Result {
    let upload = upload(to: key, plan: PartPlan(partSize: options.partSize, objectSize: size))
    let result: Result
    do { result = try await body(upload) } catch {
      await upload.abort()
      throw error
    }
    try await upload.commit()
    return result
  }

  private func upload(to key: ObjectKey, plan: PartPlan) -> S3Upload {
    let upload = S3Upload(key: key, store: self, plan: plan)
    uploads.add(upload, path: path(of: key))
    return upload
  }

  /// Ends uploads of this store, and those that S3 knows.
  public func abortUploads(prefix: String) async throws {
    for upload in uploads.below(root + prefix) { await upload.end() }
    try await run("uploads") {
      try await client.listUploads(prefix: root + prefix) { found, _ in
        for upload in found {
          await client.abort(upload.id, of: upload.key)
          // Which ends none any more.
          try Task.checkCancellation()
        }
      }
    }
  }

  /// The key as the bucket knows it.
  func path(of key: ObjectKey) -> String { root + key.path }

  /// Runs calls with their errors in our terms.
  func run<Result>(_ object: String, _ body: () async throws -> Result) async throws -> Result {
    do { return try await body() } catch { throw TokyoDataError.of(error, object: object, store: name) }
  }
}

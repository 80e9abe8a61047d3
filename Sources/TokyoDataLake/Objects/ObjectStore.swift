public import TokyoDataCore

/// A store of immutable byte strings by key: a folder, a bucket.
///
/// Contract, a case of `ObjectStoreConformance` for each sentence:
/// - What was put reads back byte for byte.
/// - An object of no bytes is an object.
/// - A range reads exactly its bytes.
/// - An empty range reads nothing.
/// - A range that reaches beyond the object is an `invalidData` error, never fewer bytes.
/// - Reading what is absent is a `notFound` error.
/// - The size of what is absent is nil.
/// - A put onto an existing object is a `conflict` and leaves it as it was.
/// - Of several puts of one key at once exactly one succeeds.
/// - A reader sees nothing of an upload before its commit, then all of it.
/// - An aborted upload leaves nothing, and its key can be put.
/// - A commit onto an existing object is a `conflict` and leaves it as it was.
/// - A finished upload takes no more bytes.
/// - A listing gives every object whose key begins with the prefix, and no other.
/// - A listing is ordered by the bytes of its keys.
/// - A listing shows no upload that is not committed.
/// - A deletion tells for every key whether it succeeded.
/// - Deleting what is absent succeeds.
/// - A deleted key can be put again.
/// - Aborting the uploads under a prefix ends those and no others.
public protocol ObjectStore: Sendable {
  /// A short name for plans and errors, such as `local` or `s3`.
  var name: String { get }

  /// The bytes of an object, or those of a range of it.
  ///
  /// - Throws: `TokyoDataError.notFound` where there is no such object, `.invalidData` where the range
  ///   reaches beyond its end.
  func get(_ key: ObjectKey, range: Range<Int>?) async throws -> [UInt8]

  /// The size of an object in bytes; nil where there is none.
  func size(of key: ObjectKey) async throws -> Int?

  /// Makes an object, durably, unless one is there.
  ///
  /// - Throws: `TokyoDataError.conflict` where the key is taken.
  func put(_ bytes: [UInt8], as key: ObjectKey) async throws

  /// Begins to make an object piece by piece.
  ///
  /// - Throws: `TokyoDataError.conflict`, here or at the commit, where the key is taken.
  func upload(to key: ObjectKey) async throws -> any ObjectUpload

  /// Hands on the objects whose keys begin with a prefix, in pages, ordered by key.
  ///
  /// The prefix may end in the middle of a component; an empty one lists all.
  func list(prefix: String, _ consume: ([StoredObject]) async throws -> Void) async throws

  /// Deletes objects.
  ///
  /// - Returns: for each key, in order, whether its object is gone now.
  func delete(_ keys: [ObjectKey]) async throws -> [ObjectDeletion]

  /// Ends all uploads whose keys begin with a prefix, of whatever process: what it left behind is gone, and
  /// one that is still under way fails.
  func abortUploads(prefix: String) async throws
}

/// An object in the making.
///
/// One task uses it, one call at a time.
public protocol ObjectUpload: Sendable {
  /// Adds bytes.
  ///
  /// It returns once the store can take more, so a writer never runs ahead of it.
  func write(_ bytes: [UInt8]) async throws

  /// Makes the object visible, whole and durable. The upload is finished, whether this succeeds or not.
  ///
  /// - Throws: `TokyoDataError.conflict` where the key was taken meanwhile.
  func commit() async throws

  /// Gives up: no object appears. A finished upload stays as it is.
  func abort() async
}

/// An object as a listing shows it.
public struct StoredObject: Hashable, Sendable {
  /// Its name.
  public var key: ObjectKey
  /// Its size in bytes.
  public var size: Int

  /// Makes the entry of a listing.
  public init(key: ObjectKey, size: Int) {
    self.key = key
    self.size = size
  }
}

/// How the deletion of one object ended.
public struct ObjectDeletion: Sendable {
  /// The object.
  public var key: ObjectKey
  /// Why it may still be there; nil where it is gone.
  public var error: TokyoDataError?

  /// Makes the result of one deletion.
  public init(key: ObjectKey, error: TokyoDataError? = nil) {
    self.key = key
    self.error = error
  }
}

extension ObjectStore {
  /// The bytes of an object.
  ///
  /// - Throws: `TokyoDataError.notFound` where there is no such object.
  public func get(_ key: ObjectKey) async throws -> [UInt8] { try await get(key, range: nil) }

  /// The objects whose keys begin with a prefix, ordered by key.
  public func list(prefix: String) async throws -> [StoredObject] {
    var objects: [StoredObject] = []
    try await list(prefix: prefix) { objects += $0 }
    return objects
  }

  /// Makes an object of what `body` writes: committed when it returns, aborted when it throws.
  public func withUpload<Result>(
    to key: ObjectKey, _ body: (any ObjectUpload) async throws -> Result
  ) async throws -> Result {
    let upload = try await upload(to: key)
    let result: Result
    do { result = try await body(upload) } catch {
      await upload.abort()
      throw error
    }
    try await upload.commit()
    return result
  }
}

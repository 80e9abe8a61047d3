/// A place for bytes that may be had again from elsewhere: it saves work and is never the only copy.
///
/// Keys and values are any bytes, empty ones too. Batches are the only form a cache implements; the forms
/// for one key are extensions of them. Bytes that a caller did not set itself are foreign: typed values
/// check what they read.
///
/// Contract, a case of `CacheConformance` for each sentence:
/// - What a get returns is exactly what was set last.
/// - A key that was never set is absent.
/// - Keys and values are any bytes, of any length up to a megabyte at least.
/// - Keys that differ in one byte or in length are different keys.
/// - A set that succeeded is seen by later gets of the same process, unless the cache forgot it.
/// - A get of a batch answers in the order of its keys, with each duplicate and each gap in its place.
/// - Of several values for one key in a batch the last one stays.
/// - A batch of nothing does nothing.
/// - An entry is gone when its life is over, and not before unless the cache forgot it.
/// - An entry without an expiry tells no remaining life; with one it tells what is left.
/// - A set replaces the life of the entry as well as its value.
/// - A value set to live no time is not kept, and replaces what was there.
/// - An exchange changes the entry only where it is what was expected, and tells whether it was.
/// - An exchange that expects nothing succeeds only where the key is absent.
/// - An exchange for nothing deletes the entry.
/// - Of several exchanges that expect the same at once exactly one succeeds.
/// - A deleted key is absent, and deleting what is absent is no error.
/// - A counter begins at nothing with 0, and each addition tells the sum it made.
/// - Additions of many tasks at once are all counted.
/// - The expiry of an addition holds where it begins the counter; later ones leave its life as it is.
/// - A counter reads as its decimal text, and text of that kind can be added to.
/// - Adding to anything else is a `typeMismatch` error and leaves it as it was.
/// - A sum beyond 64 bits is a `valueOutOfRange` error and leaves the counter as it was.
/// - A call of a canceled task throws `CancellationError`.
/// - After `close` every other call is an `unavailable` error.
///
/// A cache may forget any entry at any time. A batch is not one step: others may see a part of it, and one
/// that fails may have been done in part. Errors are `TokyoDataError`: `unavailable` where no server answers,
/// `timeout`, `busy` where the cache takes no more work now, `serverError`, `permissionDenied`. A call ends
/// soon after its task is canceled, whatever it waits for: callers limit its time by that. Whether the write of a
/// canceled call was done is unknown, as it is after a `timeout`.
public protocol Cache: Sendable {
  /// A short name for errors and metrics, such as `redis`.
  var name: String { get }

  /// The values of the keys, in their order; nil for what is absent.
  func get(_ keys: [CacheKey]) async throws -> [[UInt8]?]

  /// The values of the keys with what is left of their lives, in their order; nil for what is absent.
  ///
  /// Apart from `get`, because a server is asked twice for it.
  func getEntries(_ keys: [CacheKey]) async throws -> [CacheEntry?]

  /// Sets values, whatever was there before.
  func set(_ items: [CacheItem]) async throws

  /// Replaces the value of a key where it is `expected`, in one step; nil stands for no entry.
  ///
  /// - Returns: whether the value was the expected one, and so was replaced.
  func exchange(
    _ key: CacheKey, from expected: [UInt8]?, to replacement: [UInt8]?, expiry: CacheExpiry
  ) async throws -> Bool

  /// Deletes the entries of the keys.
  func delete(_ keys: [CacheKey]) async throws

  /// Adds to a counter, in one step; the expiry is for the counter that this begins.
  ///
  /// - Returns: the sum.
  /// - Throws: also `typeMismatch` where the entry is no counter, `valueOutOfRange` beyond 64 bits.
  func add(_ amount: Int64, to key: CacheKey, expiry: CacheExpiry) async throws -> Int64

  /// Ends the use of the cache and frees what it holds; closing again does nothing.
  func close() async
}

internal import Synchronization

/// The regions of buckets that turned out to be elsewhere.
final class BucketRegions: Sendable {
  private let regions = Mutex<[String: String]>([:])
  private let limit = 1000

  subscript(bucket: String) -> String? { regions.withLock { $0[bucket] } }

  func set(_ region: String, of bucket: String) {
    regions.withLock { regions in
      if regions.count >= limit { regions.removeAll() }
      regions[bucket] = region
    }
  }
}

internal import Synchronization
package import TokyoDataCore
internal import TokyoDataParquet

/// A version's file as Parquet's reader sees it: ranges of an object whose size the manifest told.
package struct LakeFileSource: ParquetSource {
  let objects: any ObjectStore
  let key: ObjectKey
  package let byteCount: Int
  let counter: ReadCounter

  package init(objects: any ObjectStore, key: ObjectKey, byteCount: Int, counter: ReadCounter) {
    self.objects = objects
    self.key = key
    self.byteCount = byteCount
    self.counter = counter
  }

  package func read(_ range: Range<Int>) async throws -> [UInt8] {
    let bytes = try await objects.get(key, range: range)
    counter.add(bytes: bytes.count)
    return bytes
  }
}

/// Counts what several tasks read.
package final class ReadCounter: Sendable {
  private let bytes = Atomic<Int>(0)
  private let rows = Atomic<Int>(0)

  package init() {}

  func add(bytes count: Int) { bytes.wrappingAdd(count, ordering: .relaxed) }

  func add(rows count: Int) { rows.wrappingAdd(count, ordering: .relaxed) }

  package var statistics: ReadStatistics {
    ReadStatistics(rows: rows.load(ordering: .relaxed), bytes: bytes.load(ordering: .relaxed))
  }
}

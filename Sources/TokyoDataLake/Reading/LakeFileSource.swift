internal import Synchronization
internal import TokyoDataCore
internal import TokyoDataParquet

/// A version's file as Parquet's reader sees it: ranges of an object whose size the manifest told.
struct LakeFileSource: ParquetSource {
  let objects: any ObjectStore
  let key: ObjectKey
  let byteCount: Int
  let counter: ReadCounter

  func read(_ range: Range<Int>) async throws -> [UInt8] {
    let bytes = try await objects.get(key, range: range)
    counter.add(bytes: bytes.count)
    return bytes
  }
}

/// Counts what several tasks read.
final class ReadCounter: Sendable {
  private let bytes = Atomic<Int>(0)
  private let rows = Atomic<Int>(0)

  func add(bytes count: Int) { bytes.wrappingAdd(count, ordering: .relaxed) }

  func add(rows count: Int) { rows.wrappingAdd(count, ordering: .relaxed) }

  var statistics: ReadStatistics {
    ReadStatistics(rows: rows.load(ordering: .relaxed), bytes: bytes.load(ordering: .relaxed))
  }
}

internal import Synchronization
internal import TokyoDataCore

/// The last coverage that was read of each dataset, so that a query reads one epoch and the marks only.
///
/// Nothing here can be stale: a snapshot takes days and versions from here only where its own epoch, which is
/// random and new with every change, is theirs.
final class CoverageCache: Sendable {
  private let last = Mutex<[DatasetName: Coverage]>([:])

  func coverage(of dataset: DatasetName) -> Coverage? { last.withLock { $0[dataset] } }

  func keep(_ coverage: Coverage, of dataset: DatasetName) { last.withLock { $0[dataset] = coverage } }
}

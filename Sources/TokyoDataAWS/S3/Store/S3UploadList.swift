internal import Synchronization

/// The uploads of a store that are not finished: those that S3 does not know yet among them.
final class S3UploadList: Sendable {
  private struct Entry: Sendable {
    let path: String
    weak var upload: S3Upload?
  }

  private let entries = Mutex<[Entry]>([])

  func add(_ upload: S3Upload, path: String) {
    entries.withLock { entries in
      entries.removeAll { $0.upload == nil }
      entries.append(Entry(path: path, upload: upload))
    }
  }

  func remove(_ upload: S3Upload) {
    entries.withLock { $0.removeAll { $0.upload == nil || $0.upload === upload } }
  }

  /// The uploads whose paths begin with the bytes of a prefix.
  func below(_ prefix: String) -> [S3Upload] {
    entries.withLock { entries in
      entries.filter { $0.path.utf8.starts(with: prefix.utf8) }.compactMap(\.upload)
    }
  }
}

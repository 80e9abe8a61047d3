internal import Foundation
internal import TokyoData
internal import TokyoDataParquet

/// A file that is written beside its place and put there once it is whole.
struct ReplacedFile {
  /// Where the file is written.
  let draft: String
  private let path: String

  /// Prepares for a file at `path`.
  ///
  /// - Throws: `TokyoDataError` where that is `source` itself, or anything but a file.
  init(_ path: String, unlike source: String) throws {
    self.path = path
    draft = "\(path).\(getpid()).partial"
    guard let there = Self.status(path) else { return }
    if let read = Self.status(source), read.st_dev == there.st_dev, read.st_ino == there.st_ino {
      throw TokyoDataError(.invalidArgument, "a file cannot be rewritten into itself: give another OUT")
    }
    guard there.st_mode & S_IFMT == S_IFREG else {
      throw TokyoDataError(.invalidArgument, "OUT is there and is no file")
    }
  }

  /// Puts the finished file into its place.
  func keep() throws {
    guard rename(draft, path) == 0 else {
      throw ParquetError(.fileOperationFailed, "renaming a file: \(String(cString: strerror(errno)))")
    }
  }

  /// Removes what was written.
  func discard() { unlink(draft) }

  private static func status(_ path: String) -> stat? {
    var status = stat()
    return stat(path, &status) == 0 ? status : nil
  }
}

/// The most memory that the process has had, in bytes.
func peakMemory() -> Int {
  var usage = rusage()
  #if canImport(Darwin)
    let unit = 1
    let isKnown = getrusage(RUSAGE_SELF, &usage) == 0
  #else
    let unit = 1_024
    let isKnown = getrusage(CInt(RUSAGE_SELF.rawValue), &usage) == 0
  #endif
  return isKnown ? Int(usage.ru_maxrss) * unit : 0
}

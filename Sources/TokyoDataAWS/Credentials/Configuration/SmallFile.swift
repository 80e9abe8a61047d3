#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A file of a few kilobytes that others wrote: configuration, a token, cached keys.
enum SmallFile {
  enum Problem: Error, Hashable, Sendable {
    case unreadable
    case tooLarge
  }

  /// Reads a file whole; nil where there is none.
  ///
  /// Only regular files count: `/dev/null` stands for no file, as elsewhere, and a pipe or another device
  /// could hold the caller up or never end.
  static func read(_ path: String, upTo limit: Int = 1 << 20) throws(Problem) -> [UInt8]? {
    // A name cannot hold a zero byte; C would read up to there and open another file.
    guard !path.utf8.contains(0) else { throw .unreadable }
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw .unreadable
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .unreadable }
    guard status.st_mode & S_IFMT == S_IFREG else { return nil }
    return try contents(of: descriptor, upTo: limit)
  }

  private static func contents(of descriptor: Int32, upTo limit: Int) throws(Problem) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16384)
    while true {
      let count = buffer.withUnsafeMutableBytes { unsafe in
        guard let start = unsafe.baseAddress else { return 0 }
        return readBytes(descriptor, start, unsafe.count)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw .unreadable
      }
      if count == 0 { return bytes }
      guard bytes.count + count <= limit else { throw .tooLarge }
      bytes += buffer[..<count]
    }
  }

  /// Puts a file that only its owner may read in the place of another, at once: no reader sees a part of it.
  static func replace(_ path: String, with bytes: [UInt8]) throws(Problem) {
    let new = "\(path).\(getpid()).\(UInt32.random(in: .min ... .max))"
    guard !new.utf8.contains(0) else { throw .unreadable }
    let descriptor = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .unreadable }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      rest = rest.dropFirst(count)
    }
    guard close(descriptor) == 0, rest.isEmpty, rename(new, path) == 0 else {
      unlink(new)
      throw .unreadable
    }
  }
}

/// The C function, which the method of the same name would hide.
private func readBytes(_ descriptor: Int32, _ start: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(descriptor, start, count)
}

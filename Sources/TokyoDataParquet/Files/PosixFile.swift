#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// An open file descriptor of one owner; the only place that calls the operating system.
final class PosixFile: Sendable {
  private let descriptor: Int32

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  static func opening(_ path: String) throws(ParquetError) -> PosixFile {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("opening", errno) }
    return PosixFile(descriptor)
  }

  static func creating(_ path: String) throws(ParquetError) -> PosixFile {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure("creating", errno) }
    return PosixFile(descriptor)
  }

  func size() throws(ParquetError) -> Int {
    let end = lseek(descriptor, 0, SEEK_END)
    guard end >= 0 else { throw Self.failure("measuring", errno) }
    return Int(end)
  }

  /// Reads a range, or less at the end of the file.
  func read(_ range: Range<Int>) throws(ParquetError) -> [UInt8] {
    var failed: Int32?
    let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
      while count < range.count, let base = buffer.baseAddress {
        let got = pread(descriptor, base + count, range.count - count, off_t(range.lowerBound + count))
        if got > 0 {
          count += got
        } else if got == 0 {
          return
        } else if errno != EINTR {
          failed = errno
          return
        }
      }
    }
    if let failed { throw Self.failure("reading", failed) }
    return bytes
  }

  func write(_ bytes: [UInt8]) throws(ParquetError) {
    var failed: Int32?
    bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count, let base = buffer.baseAddress {
        #if canImport(Glibc)
          let put = Glibc.write(descriptor, base + done, buffer.count - done)
        #elseif canImport(Musl)
          let put = Musl.write(descriptor, base + done, buffer.count - done)
        #else
          let put = Darwin.write(descriptor, base + done, buffer.count - done)
        #endif
        if put >= 0 {
          done += put
        } else if errno != EINTR {
          failed = errno
          return
        }
      }
    }
    if let failed { throw Self.failure("writing", failed) }
  }

  func synchronize() throws(ParquetError) {
    guard fsync(descriptor) == 0 else { throw Self.failure("synchronizing", errno) }
  }

  /// Names the operation and the system's reason, not the path.
  private static func failure(_ operation: String, _ code: Int32) -> ParquetError {
    let reason = strerror(code).map { String(cString: $0) } ?? "error \(code)"
    return ParquetError(.fileOperationFailed, "\(operation) a file: \(reason)")
  }
}

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// An open file, closed when nobody refers to it any more.
///
/// All system calls of this module are in this file; each throws `SystemCallError`.
final class PosixFile: Sendable {
  private let descriptor: Int32

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { _ = close(descriptor) }

  static let notFound = ENOENT
  static let exists = EEXIST
  static let denied = EACCES
  static let notPermitted = EPERM
  static let readOnly = EROFS
  static let noSpace = ENOSPC
  static let tooManyFiles = EMFILE
  static let notADirectory = ENOTDIR
  static let notEmpty = ENOTEMPTY

  static func message(of number: Int32) -> String {
    strerror(number).map { String(cString: $0) } ?? "error \(number)"
  }

  /// Opens a file to read it.
  ///
  /// A symbolic link in the last place is refused.
  static func reading(_ path: String) throws(SystemCallError) -> PosixFile {
    PosixFile(try repeated("open") { open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) })
  }

  /// Makes a new file to write it.
  static func creating(_ path: String) throws(SystemCallError) -> PosixFile {
    PosixFile(
      try repeated("create") {
        open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
      })
  }

  /// Opens a directory, to lock or synchronize it.
  static func directory(_ path: String) throws(SystemCallError) -> PosixFile {
    PosixFile(try repeated("open") { open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) })
  }

  /// The size in bytes of a regular file; nil for anything else.
  func size() throws(SystemCallError) -> Int? {
    var status = stat()
    _ = try Self.repeated("fstat") { fstat(descriptor, &status) }
    return status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
  }

  /// The bytes of a range; fewer where the file ends before it.
  func read(_ range: Range<Int>) throws(SystemCallError) -> [UInt8] {
    var failure: SystemCallError?
    let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
      do throws(SystemCallError) {
        while count < range.count {
          let target = UnsafeMutableRawBufferPointer(
            rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
          let read = try Self.repeated("pread") {
            pread(descriptor, target.baseAddress, range.count - count, off_t(range.lowerBound + count))
          }
          if read == 0 { break }
          count += read
        }
      } catch { failure = error }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Writes all bytes at the end.
  func append(_ bytes: [UInt8]) throws(SystemCallError) {
    var written = 0
    while written < bytes.count {
      written += try Self.repeated("write") {
        bytes.withUnsafeBytes {
          write(descriptor, $0.baseAddress?.advanced(by: written), bytes.count - written)
        }
      }
    }
  }

  /// Waits until everything written is on the disk.
  func synchronize() throws(SystemCallError) {
    _ = try Self.repeated("fsync") { fsync(descriptor) }
  }

  /// Waits for the only lock of this file or directory, held until the last reference is gone.
  func lock() throws(SystemCallError) {
    _ = try Self.repeated("flock") { flock(descriptor, LOCK_EX) }
  }
}

extension PosixFile {
  /// The size of a regular file in bytes; nil where there is none.
  static func size(_ path: String) throws(SystemCallError) -> Int? {
    var status = stat()
    do throws(SystemCallError) { _ = try repeated("lstat") { lstat(path, &status) } } catch {
      if error.number == notFound || error.number == notADirectory { return nil }
      throw error
    }
    return status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
  }

  /// Something has this path.
  static func entryExists(_ path: String) throws(SystemCallError) -> Bool {
    var status = stat()
    return try tolerating(notFound, notADirectory) { () throws(SystemCallError) in
      _ = try repeated("stat") { stat(path, &status) }
    }
  }

  /// Gives a file a second name, which must be free.
  static func link(_ old: String, as new: String) throws(SystemCallError) {
    #if canImport(Darwin)
      _ = try repeated("link") { Darwin.link(old, new) }
    #elseif canImport(Musl)
      _ = try repeated("link") { Musl.link(old, new) }
    #else
      _ = try repeated("link") { Glibc.link(old, new) }
    #endif
  }

  /// Gives a file another name and replaces what had it.
  static func move(_ old: String, to new: String) throws(SystemCallError) {
    _ = try repeated("rename") { rename(old, new) }
  }

  /// Removes a file's name.
  ///
  /// - Returns: whether it was there.
  @discardableResult
  static func remove(_ path: String) throws(SystemCallError) -> Bool {
    try tolerating(notFound, notADirectory) { () throws(SystemCallError) in
      _ = try repeated("unlink") { unlink(path) }
    }
  }

  /// Removes a directory if it is empty.
  ///
  /// - Returns: whether it is gone now by this call.
  @discardableResult
  static func removeDirectory(_ path: String) throws(SystemCallError) -> Bool {
    try tolerating(notFound, notEmpty, exists) { () throws(SystemCallError) in
      _ = try repeated("rmdir") { rmdir(path) }
    }
  }

  /// Makes a directory in one that exists.
  ///
  /// - Returns: whether it was not there before.
  static func makeDirectory(_ path: String) throws(SystemCallError) -> Bool {
    try tolerating(exists) { () throws(SystemCallError) in _ = try repeated("mkdir") { mkdir(path, 0o755) } }
  }

  /// The entries of a directory, without `.` and `..`; nothing where there is no directory.
  static func entries(of path: String) throws(SystemCallError) -> [(name: String, isDirectory: Bool)] {
    guard let directory = opendir(path) else {
      if errno == notFound || errno == notADirectory { return [] }
      throw SystemCallError(call: "opendir", number: errno)
    }
    defer { closedir(directory) }
    var entries: [(name: String, isDirectory: Bool)] = []
    while true {
      errno = 0
      guard let entry = readdir(directory) else {
        guard errno == 0 else { throw SystemCallError(call: "readdir", number: errno) }
        return entries
      }
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(validating: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard let name, name != ".", name != ".." else { continue }
      var status = stat()
      // Some file systems do not say in the listing what an entry is.
      guard lstat(path + "/" + name, &status) == 0 else { continue }
      entries.append((name, status.st_mode & S_IFMT == S_IFDIR))
    }
  }

  private static func tolerating(
    _ numbers: Int32..., body: () throws(SystemCallError) -> Void
  ) throws(SystemCallError) -> Bool {
    do throws(SystemCallError) { try body() } catch {
      if numbers.contains(error.number) { return false }
      throw error
    }
    return true
  }

  /// Repeats a call that a signal interrupted.
  private static func repeated<Value: SignedInteger>(
    _ call: String, _ body: () -> Value
  ) throws(SystemCallError) -> Value {
    while true {
      let result = body()
      if result >= 0 { return result }
      let number = errno
      if number != EINTR { throw SystemCallError(call: call, number: number) }
    }
  }
}

internal import BenchSupport

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A file that is read, or written, from its beginning to its end, without a buffer between.
final class LocalFile: Sendable {
  private let descriptor: Int32

  convenience init(reading path: String) throws { try self.init(path, O_RDONLY) }

  convenience init(creating path: String) throws { try self.init(path, O_WRONLY | O_CREAT | O_TRUNC) }

  private init(_ path: String, _ flags: Int32) throws {
    descriptor = open(path, flags | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw BenchError("\(path) cannot be opened") }
  }

  deinit { close(descriptor) }

  /// The names of the files in a folder.
  static func names(in folder: String) throws -> [String] {
    guard let stream = opendir(folder) else { throw BenchError("\(folder) cannot be read") }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { place in
        place.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names
  }

  func size() throws -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw BenchError("a file has no size") }
    return Int(status.st_size)
  }

  /// The next bytes, at most `limit`; none at the end.
  func read(_ limit: Int) throws -> [UInt8] {
    try Array(unsafeUninitializedCapacity: limit) { buffer, count in
      let got = Self.read(descriptor, buffer)
      guard got >= 0 else { throw BenchError("a file cannot be read") }
      count = got
    }
  }

  func write(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Self.write(descriptor, $0) }
      guard count > 0 else { throw BenchError("a file cannot be written") }
      rest = rest.dropFirst(count)
    }
  }

  // The calls of C, which the methods' names hide.
  private static func read(_ descriptor: Int32, _ buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
    #if canImport(Glibc)
      Glibc.read(descriptor, buffer.baseAddress, buffer.count)
    #elseif canImport(Musl)
      Musl.read(descriptor, buffer.baseAddress, buffer.count)
    #else
      Darwin.read(descriptor, buffer.baseAddress, buffer.count)
    #endif
  }

  private static func write(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer) -> Int {
    #if canImport(Glibc)
      Glibc.write(descriptor, buffer.baseAddress, buffer.count)
    #elseif canImport(Musl)
      Musl.write(descriptor, buffer.baseAddress, buffer.count)
    #else
      Darwin.write(descriptor, buffer.baseAddress, buffer.count)
    #endif
  }
}

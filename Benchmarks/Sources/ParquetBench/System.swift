internal import BenchSupport

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A file that is written from its beginning to its end.
final class OutputFile {
  private let stream: UnsafeMutablePointer<FILE>

  init(_ path: String) throws {
    guard let stream = fopen(path, "w") else { throw BenchError("\(path) cannot be created") }
    self.stream = stream
  }

  deinit { fclose(stream) }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    guard fwrite(bytes.baseAddress, 1, bytes.count, stream) == bytes.count else {
      throw BenchError("a file cannot be written")
    }
  }
}

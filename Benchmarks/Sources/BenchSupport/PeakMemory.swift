#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The most memory that this process has had at a time.
package enum PeakMemory {
  /// Bytes of the resident set at its largest.
  package static func bytes() throws -> Int {
    #if os(Linux)
      // Not `getrusage`: on Linux its figure begins with that of the process that started this one.
      guard let file = fopen("/proc/self/status", "r") else { throw BenchError("no /proc/self/status") }
      defer { fclose(file) }
      var line = [CChar](repeating: 0, count: 256)
      while fgets(&line, Int32(line.count), file) != nil {
        let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard text.hasPrefix("VmHWM:") else { continue }
        let digits = text.utf8.filter { (48...57).contains($0) }
        if let kibibytes = Int(String(decoding: digits, as: UTF8.self)) { return kibibytes << 10 }
      }
      throw BenchError("/proc/self/status does not tell the peak")
    #else
      var usage = rusage()
      guard getrusage(RUSAGE_SELF, &usage) == 0 else { throw BenchError("getrusage failed") }
      return Int(usage.ru_maxrss)
    #endif
  }
}

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// What this process has used of the processors.
package enum ProcessorTime {
  /// Seconds in and outside of the kernel, of all threads.
  package static func now() throws -> Double {
    var usage = rusage()
    #if canImport(Glibc)
      let failed = getrusage(RUSAGE_SELF.rawValue, &usage)
    #else
      let failed = getrusage(Int32(RUSAGE_SELF), &usage)
    #endif
    guard failed == 0 else { throw BenchError("getrusage failed") }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }

  private static func seconds(_ time: timeval) -> Double {
    Double(time.tv_sec) + Double(time.tv_usec) / 1e6
  }
}

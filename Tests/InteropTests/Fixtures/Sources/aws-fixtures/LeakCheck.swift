#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Looks for lost memory, where the program was built with a leak checker; else does nothing.
///
/// The checker looks by itself when the process ends. That is too late: OpenSSL has then forgotten what it keeps for
/// each thread that still runs, ours for libcurl among them, and it would be taken for lost.
enum LeakCheck {
  /// Ends the process where something is lost.
  static func run() {
    guard let function = dlsym(nil, "__lsan_do_leak_check") else { return }
    typealias Check = @convention(c) () -> Void
    // Sound: sanitizer/lsan_interface.h declares the function that dlsym has found without arguments and result.
    unsafeBitCast(function, to: Check.self)()
  }
}

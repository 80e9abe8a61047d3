#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The library that libcurl and libpq encrypt with, where the process has it.
enum OpenSSL {
  /// Has OpenSSL leave its memory alone when the process ends.
  ///
  /// It would free all of it then, what it keeps for every thread included. A thread that ends in the same moment
  /// frees that as well, and one that is about to encrypt finds it gone: either may crash a process that has done
  /// its work (openssl/openssl#6214, curl/curl#12153). Only the first one who makes OpenSSL ready can ask for this,
  /// so it comes before our first thread.
  static func outlivesThreads() { _ = isAsked }

  private static let isAsked: Bool = {
    // Not linked: this module knows neither who brings OpenSSL nor whether anybody does.
    guard let function = dlsym(dlopen(nil, RTLD_NOW), "OPENSSL_init_crypto") else { return false }
    typealias Initialize = @convention(c) (UInt64, OpaquePointer?) -> Int32
    // Sound: openssl/crypto.h declares the function so, since 1.1.0.
    return unsafeBitCast(function, to: Initialize.self)(withoutCleanup, nil) == 1
  }()

  /// `OPENSSL_INIT_NO_ATEXIT` of openssl/crypto.h.
  private static let withoutCleanup: UInt64 = 0x0008_0000
}

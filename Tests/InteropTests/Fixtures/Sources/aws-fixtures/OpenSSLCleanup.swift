#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif
internal import TokyoDataAWS

/// Whether OpenSSL frees its memory when the process ends, which threads of ours do not live through.
enum OpenSSLCleanup {
  /// Makes a request, and has the process end with `status` should OpenSSL clean up.
  static func watch(bucket: String) async throws {
    let store = try S3ObjectStore(bucket: bucket, session: AWSSession())
    _ = try await store.size(of: ObjectKey("absent"))
    guard let function = dlsym(nil, "OPENSSL_atexit") else { throw Wrong("there is no OpenSSL") }
    typealias Handler = @convention(c) () -> Void
    typealias Register = @convention(c) (Handler) -> Int32
    // Sound: openssl/crypto.h declares the function so.
    guard unsafeBitCast(function, to: Register.self)({ _exit(OpenSSLCleanup.status) }) == 1 else {
      throw Wrong("OpenSSL takes no handler")
    }
  }

  static let status: Int32 = 23
}

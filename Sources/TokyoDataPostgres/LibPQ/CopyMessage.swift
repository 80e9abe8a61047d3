internal import CLibPQ

/// Owns the bytes of one message of a COPY TO STDOUT, which libpq allocated.
struct CopyMessage: ~Copyable {
  private let start: UnsafeMutablePointer<CChar>
  let count: Int

  init(owning start: UnsafeMutablePointer<CChar>, count: Int) {
    self.start = start
    self.count = count
  }

  deinit { PQfreemem(start) }

  /// The bytes, valid while the message lives.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }
}

/// The bytes of a page as they are before compression: a part of the chunk's, or a buffer of their own.
struct PageBody: Sendable {
  var bytes: [UInt8]
  /// Where the page lies in `bytes`; positions within the page count from the start of `bytes`.
  var range: Range<Int>
  /// The bytes are a buffer that another page can use again.
  var isOwn: Bool

  /// A length of four bytes at a position, and the range of as many bytes behind it.
  func sized(at position: Int) throws(ParquetError) -> Range<Int> {
    guard range.upperBound - position >= 4 else { throw .corrupted("a page ends early") }
    let length = bytes.withUnsafeBytes {
      Int(UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: UInt32.self)))
    }
    let start = position + 4
    guard length <= range.upperBound - start else { throw .corrupted("a length beyond the page's end") }
    return start..<start + length
  }
}

extension [UInt8] {
  /// `withUnsafeBytes` for bodies that throw errors of one type.
  @inline(__always)
  func withUnsafeBytesThrowing<Result>(
    _ body: (UnsafeRawBufferPointer) throws(ParquetError) -> Result
  ) throws(ParquetError) -> Result {
    var result: Swift.Result<Result, ParquetError>?
    withUnsafeBytes { bytes in
      do throws(ParquetError) { result = .success(try body(bytes)) } catch { result = .failure(error) }
    }
    guard let result else { throw .corrupted("no bytes") }
    return try result.get()
  }

  /// `withUnsafeMutableBytes` for bodies that throw errors of one type.
  @inline(__always)
  mutating func withUnsafeMutableBytesThrowing(
    _ body: (UnsafeMutableRawBufferPointer) throws(ParquetError) -> Void
  ) throws(ParquetError) {
    var failure: ParquetError?
    withUnsafeMutableBytes { bytes in
      do throws(ParquetError) { try body(bytes) } catch { failure = error }
    }
    if let failure { throw failure }
  }
}

extension Array where Element: BitwiseCopyable {
  /// Elements of any content, for decoders to write over.
  static func unfilled(_ count: Int) -> [Element] {
    [Element](unsafeUninitializedCapacity: count) { _, initialized in initialized = count }
  }

  /// Makes room for `count` elements, of which the first `kept` stay as they are.
  @inline(__always)
  mutating func makeRoom(for count: Int, keeping kept: Int) {
    if count > self.count { grow(to: count, keeping: kept) }
  }

  @inline(never)
  private mutating func grow(to count: Int, keeping kept: Int) {
    var larger = Self.unfilled(Swift.max(count, self.count + self.count / 2))
    larger.withUnsafeMutableBytes { target in
      withUnsafeBytes { source in
        target.copyMemory(
          from: UnsafeRawBufferPointer(rebasing: source[..<(kept * MemoryLayout<Element>.stride)]))
      }
    }
    self = larger
  }

  /// Forgets what lies behind the first `count` elements.
  mutating func cut(to count: Int) {
    if self.count > count { removeLast(self.count - count) }
  }
}

extension [UInt64] {
  /// `withUnsafeBufferPointer` for bodies that throw errors of one type.
  @inline(__always)
  func withUnsafeBufferPointerThrowing(
    _ body: (UnsafeBufferPointer<UInt64>) throws(ParquetError) -> Void
  ) throws(ParquetError) {
    var failure: ParquetError?
    withUnsafeBufferPointer { values in
      do throws(ParquetError) { try body(values) } catch { failure = error }
    }
    if let failure { throw failure }
  }
}

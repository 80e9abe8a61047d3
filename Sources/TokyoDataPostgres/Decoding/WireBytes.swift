/// Reads numbers from bytes that somebody else wrote: nothing is read that is not there.
struct WireBytes {
  private(set) var rest: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

  var isEmpty: Bool { rest.isEmpty }

  /// The next integer, most significant byte first, or nil where fewer bytes are left.
  @inline(__always)
  mutating func integer<Integer: FixedWidthInteger & BitwiseCopyable>(_: Integer.Type = Integer.self)
    -> Integer?
  {
    let width = MemoryLayout<Integer>.size
    guard rest.count >= width else { return nil }
    let value = Integer(bigEndian: rest.loadUnaligned(as: Integer.self))
    rest = UnsafeRawBufferPointer(rebasing: rest[width...])
    return value
  }

  /// The next bytes, or nil where fewer are left or the count is negative.
  @inline(__always)
  mutating func take(_ count: Int) -> UnsafeRawBufferPointer? {
    guard count >= 0, rest.count >= count else { return nil }
    defer { rest = UnsafeRawBufferPointer(rebasing: rest[count...]) }
    return UnsafeRawBufferPointer(rebasing: rest[..<count])
  }

  /// The integer that fills the bytes exactly, or nil.
  @inline(__always)
  static func whole<Integer: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, _: Integer.Type = Integer.self
  ) -> Integer? {
    guard bytes.count == MemoryLayout<Integer>.size else { return nil }
    return Integer(bigEndian: bytes.loadUnaligned(as: Integer.self))
  }
}

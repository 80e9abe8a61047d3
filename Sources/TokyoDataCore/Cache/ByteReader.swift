/// Reads bytes from left to right; nil wherever there are too few of them.
struct ByteReader {
  private let bytes: [UInt8]
  private var offset = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  var isAtEnd: Bool { offset == bytes.count }

  mutating func skip(_ count: Int) -> Bool { take(count) != nil }

  mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type) -> Value? {
    guard let range = take(MemoryLayout<Value>.size) else { return nil }
    return bytes.withUnsafeBytes {
      Value(littleEndian: $0.loadUnaligned(fromByteOffset: range.lowerBound, as: Value.self))
    }
  }

  /// So many values as they lie in memory, for types of which every bit pattern is a value.
  mutating func values<Value: BitwiseCopyable>(_ count: Int, of type: Value.Type) -> [Value]? {
    let (size, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Value>.stride)
    guard count >= 0, !overflow, let range = take(size) else { return nil }
    return [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
      bytes.withUnsafeBytes {
        UnsafeMutableRawBufferPointer(buffer).copyMemory(from: .init(rebasing: $0[range]))
      }
      initialized = count
    }
  }

  private mutating func take(_ count: Int) -> Range<Int>? {
    guard count >= 0, count <= bytes.count - offset else { return nil }
    defer { offset += count }
    return offset..<offset + count
  }
}

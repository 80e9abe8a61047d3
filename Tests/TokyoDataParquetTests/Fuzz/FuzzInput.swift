/// Takes a fuzzer's bytes apart: a few choose what is tried, the rest is what a decoder reads.
struct FuzzInput {
  private(set) var rest: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

  /// The next byte, or 0 behind the last.
  mutating func byte() -> UInt8 {
    guard let first = rest.first else { return 0 }
    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst())
    return first
  }

  /// A number of values, small enough to be tried often.
  mutating func count() -> Int { Int(byte()) | Int(byte() & 0x0f) << 8 }

  /// Splits a number into portions of a size that the bytes choose, as callers of decoders do.
  mutating func portions(_ count: Int) -> [Int] {
    let size = Int(byte()) + 1
    return stride(from: 0, to: count, by: size).map { min(size, count - $0) }
  }
}

/// Memory for `count` values, exactly as many, so that the address sanitizer sees every step beyond them.
func withFuzzMemory<Element: BitwiseCopyable>(
  _: Element.Type, _ count: Int, _ body: (UnsafeMutablePointer<Element>) throws -> Void
) rethrows {
  let memory = UnsafeMutablePointer<Element>.allocate(capacity: count)
  defer { memory.deallocate() }
  try body(memory)
}

/// Texts or byte strings laid end to end: slot `i` is `bytes[offsets[i]..<offsets[i + 1]]`.
package struct ByteStrings: Hashable, Sendable {
  /// One more offset than slots, ascending from 0.
  package var offsets: [Int32]
  package var bytes: [UInt8]

  package init(offsets: [Int32] = [0], bytes: [UInt8] = []) {
    self.offsets = offsets
    self.bytes = bytes
  }

  package var count: Int { offsets.count - 1 }

  package func range(_ index: Int) -> Range<Int> { Int(offsets[index])..<Int(offsets[index + 1]) }

  package subscript(index: Int) -> ArraySlice<UInt8> { bytes[range(index)] }
}

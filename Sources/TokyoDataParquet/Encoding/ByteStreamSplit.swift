/// Appends values of a fixed width as BYTE_STREAM_SPLIT: all first bytes, then all second bytes and so on.
func encodeByteStreamSplit(_ values: UnsafeRawBufferPointer, width: Int, into out: inout ByteBuffer) {
  guard width > 0, let source = values.baseAddress else { return }
  let count = values.count / width
  let target = out.reserve(count * width)
  var done = 0
  if width == 4 {
    while count &- done >= 8 {
      var words = Words4(values: source + done &* 4)
      words.transpose()
      words.store(to: target + done, stride: count)
      done &+= 8
    }
  } else if width == 8 {
    while count &- done >= 8 {
      var words = Words8(source + done &* 8, stride: 8)
      words.transpose()
      words.store(to: target + done, stride: count)
      done &+= 8
    }
  }
  for stream in 0..<width {
    for index in done..<count {
      let byte = source.load(fromByteOffset: index &* width &+ stream, as: UInt8.self)
      target.storeBytes(of: byte, toByteOffset: stream &* count &+ index, as: UInt8.self)
    }
  }
  out.commit(count * width)
}

/// Reads values of a fixed width that lie as BYTE_STREAM_SPLIT, a part at a time.
struct ByteStreamSplitDecoder: Sendable {
  /// The number of all values, which the size of the bytes tells.
  let count: Int
  private let width: Int
  private let start: Int
  private var done = 0

  /// Reads values of `width` bytes from `range` of a page's bytes.
  init(width: Int, range: Range<Int>) throws(ParquetError) {
    guard width > 0, range.count % width == 0 else {
      throw .corrupted("byte streams of different lengths")
    }
    self.width = width
    count = range.count / width
    start = range.lowerBound
  }

  /// Reads the next `number` values, one behind the other.
  mutating func decode(
    _ number: Int, of bytes: UnsafeRawBufferPointer, into target: UnsafeMutableRawPointer
  ) throws(ParquetError) {
    guard number >= 0, number <= count - done, start + count * width <= bytes.count else {
      throw .corrupted("values end early")
    }
    guard number > 0, let base = bytes.baseAddress else { return }
    let source = base + start + done
    var index = 0
    if width == 4 {
      while number &- index >= 8 {
        var words = Words4(source + index, stride: count)
        words.transpose()
        words.store(values: target + index &* 4)
        index &+= 8
      }
    } else if width == 8 {
      while number &- index >= 8 {
        var words = Words8(source + index, stride: count)
        words.transpose()
        words.store(to: target + index &* 8, stride: 8)
        index &+= 8
      }
    }
    join(source, index..<number, into: target)
    done += number
  }

  /// Joins the bytes of some values one by one, in portions that stay near.
  private func join(_ source: UnsafeRawPointer, _ range: Range<Int>, into target: UnsafeMutableRawPointer) {
    for first in stride(from: range.lowerBound, to: range.upperBound, by: 256) {
      let end = min(first + 256, range.upperBound)
      for stream in 0..<width {
        for index in first..<end {
          let byte = source.load(fromByteOffset: stream &* count &+ index, as: UInt8.self)
          target.storeBytes(of: byte, toByteOffset: index &* width &+ stream, as: UInt8.self)
        }
      }
    }
  }
}

internal import TokyoDataCore

/// The fields of one column in a block of rows, whose places and widths are known.
struct FieldOutput {
  let rows: Range<Int>
  let validity: SlotValidity
  let base: UnsafeMutableRawPointer
  let places: UnsafeMutablePointer<Int>

  /// Writes values that all have one width.
  @inline(__always)
  func write<Element, Wire: FixedWidthInteger & BitwiseCopyable>(
    _ values: [Element], _ wire: (Element) throws(PostgresError) -> Wire
  ) throws(PostgresError) {
    let width = MemoryLayout<Wire>.size
    let length = Int32(truncatingIfNeeded: width).bigEndian
    for row in rows {
      if !validity[row] {
        writeNull(row)
        continue
      }
      let place = places[row - rows.lowerBound]
      base.storeBytes(of: length, toByteOffset: place, as: Int32.self)
      base.storeBytes(of: try wire(values[row]).bigEndian, toByteOffset: place + 4, as: Wire.self)
      places[row - rows.lowerBound] = place + 4 + width
    }
  }

  /// Writes values that write themselves to where they are told, and say how long they are.
  @inline(__always)
  func write(_ body: (_ row: Int, _ place: UnsafeMutableRawPointer) -> Int) {
    for row in rows {
      guard validity[row] else {
        writeNull(row)
        continue
      }
      let place = places[row - rows.lowerBound]
      let count = body(row, base + place + 4)
      base.storeBytes(of: Int32(truncatingIfNeeded: count).bigEndian, toByteOffset: place, as: Int32.self)
      places[row - rows.lowerBound] = place + 4 + count
    }
  }

  /// Writes texts or bytes, each behind one byte where a prefix is given.
  func write(_ strings: ByteStrings, prefix: UInt8?) {
    strings.bytes.withUnsafeBytes { bytes in
      write { row, place in
        let range = strings.range(row)
        var target = place
        if let prefix {
          target.storeBytes(of: prefix, as: UInt8.self)
          target += 1
        }
        if let start = bytes.baseAddress {
          target.copyMemory(from: start + range.lowerBound, byteCount: range.count)
        }
        return range.count + (prefix == nil ? 0 : 1)
      }
    }
  }

  /// Writes values that are made one by one, each of the width that was measured.
  func writeBytes(_ bytes: (_ row: Int) throws(PostgresError) -> [UInt8]) throws(PostgresError) {
    var failure: PostgresError?
    write { row, place in
      guard failure == nil else { return 0 }
      do throws(PostgresError) {
        return try bytes(row).withUnsafeBytes { bytes in
          if let start = bytes.baseAddress { place.copyMemory(from: start, byteCount: bytes.count) }
          return bytes.count
        }
      } catch {
        failure = error
        return 0
      }
    }
    if let failure { throw failure }
  }

  /// Writes fields that are encoded with their lengths.
  func write(_ encoded: EncodedFields) {
    encoded.bytes.withUnsafeBytes { bytes in
      guard let source = bytes.baseAddress else { return }
      var start = 0
      for (row, end) in encoded.ends.enumerated() {
        (base + places[row]).copyMemory(from: source + start, byteCount: end - start)
        places[row] += end - start
        start = end
      }
    }
  }

  private func writeNull(_ row: Int) {
    let place = places[row - rows.lowerBound]
    base.storeBytes(of: Int32(-1).bigEndian, toByteOffset: place, as: Int32.self)
    places[row - rows.lowerBound] = place + 4
  }
}

/// A column's validity for loops of ours: the module's own is a call for every slot.
struct SlotValidity {
  private let words: [UInt64]?

  init(_ validity: Validity) { words = validity.words }

  @inline(__always)
  subscript(index: Int) -> Bool {
    guard let words else { return true }
    return words[index >> 6] >> UInt64(index & 63) & 1 == 1
  }
}

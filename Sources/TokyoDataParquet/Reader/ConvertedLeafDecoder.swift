internal import TokyoDataColumns

/// Decodes byte strings, and makes of a portion's strings what they stand for.
struct ConvertedLeafDecoder: LeafDecoder {
  enum Meaning {
    /// Numbers in two's complement, the highest byte first.
    case decimals(precision: Int)
    /// 16 bytes, to be 36 characters.
    case uuids
  }

  private var strings: ByteArrayLeafDecoder
  private let meaning: Meaning
  private let type: ColumnType

  init(_ strings: ByteArrayLeafDecoder, _ meaning: Meaning, _ type: ColumnType) {
    self.strings = strings
    self.meaning = meaning
    self.type = type
  }

  var slotBytes: Int { 4 }

  // What the strings become is at most four times as large.
  var byteCount: Int { strings.byteCount * 4 }

  mutating func useDictionary(_ body: PageBody, count: Int) throws(ParquetError) {
    try strings.useDictionary(body, count: count)
  }

  mutating func begin(_ page: DataPage) { strings.begin(page) }

  mutating func begin(slots: Int) { strings.begin(slots: slots) }

  mutating func append(
    _ valid: Int, slots: Int, _ validity: Bitmap, of page: DataPage
  ) throws(ParquetError) {
    try strings.append(valid, slots: slots, validity, of: page)
  }

  mutating func skip(_ valid: Int, of page: DataPage) throws(ParquetError) {
    try strings.skip(valid, of: page)
  }

  mutating func finish(_ validity: Validity) throws(ParquetError) -> ColumnVector {
    guard case .byteStrings(let strings) = try strings.finish(validity).storage else {
      throw ParquetError(.unsupported, "a column that is no byte strings")
    }
    let storage: ColumnStorage =
      switch meaning {
      case .decimals(let precision): .decimal(try Self.decimals(strings, validity, precision))
      case .uuids: .byteStrings(try Self.texts(strings))
      }
    return ColumnVector(type: type, storage: storage, validity: validity)
  }

  private static func decimals(
    _ strings: ByteStrings, _ validity: Validity, _ precision: Int
  ) throws(ParquetError) -> [Int128] {
    let limit = Decimal128.powerOfTen(precision).magnitude
    var values: [Int128] = []
    values.reserveCapacity(strings.count)
    var fits = true
    strings.bytes.withUnsafeBytes { bytes in
      for index in 0..<strings.count {
        if !validity[index] {
          values.append(0)
        } else if let value = bigEndianInteger(UnsafeRawBufferPointer(rebasing: bytes[strings.range(index)])),
          value.magnitude < limit
        {
          values.append(value)
        } else {
          fits = false
          return
        }
      }
    }
    guard fits else { throw ParquetError(.valueOutOfRange, "a decimal of more digits than its column's") }
    return values
  }

  private static func texts(_ strings: ByteStrings) throws(ParquetError) -> ByteStrings {
    let count = strings.bytes.count / 16
    let length = 36
    guard count <= Int(Int32.max) / length else { throw .tooManyBytes(Int(Int32.max)) }
    var texts = ByteStrings()
    texts.bytes.reserveCapacity(count * length)
    UUIDText.append(strings.bytes, to: &texts.bytes)
    // Nulls have no bytes, before and after.
    texts.offsets = strings.offsets.map { $0 / 16 * Int32(length) }
    return texts
  }
}

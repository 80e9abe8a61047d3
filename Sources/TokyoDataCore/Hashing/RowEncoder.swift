/// Encodes one row for its hash: a presence byte before each value, fixed widths little endian.
///
/// Integers, dates (days) and timestamps (microseconds) take 8 bytes, decimals 16 at the column's scale,
/// floats their IEEE bits with every NaN as the quiet one, booleans 1, texts and bytes a 4-byte length first.
struct RowEncoder {
  /// The low and high half of a row's hash are XXH64 under these seeds: the first 16 hex digits of the
  /// fractions of √2 and √3.
  static let lowSeed: UInt64 = 0x6A09_E667_F3BC_C908
  static let highSeed: UInt64 = 0xBB67_AE85_84CA_A73B

  private var bytes: [UInt8] = []

  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  func hash() -> UInt128 {
    bytes.withUnsafeBytes { row in
      UInt128(XXH64.hash(row, seed: Self.highSeed)) << 64 | UInt128(XXH64.hash(row, seed: Self.lowSeed))
    }
  }

  mutating func append(slot index: Int, of column: ColumnVector) {
    guard column.validity[index] else { return bytes.append(0) }
    bytes.append(1)
    switch column.storage {
    case .bool(let values): bytes.append(values[index] ? 1 : 0)
    case .int16(let values): append(Int64(values[index]))
    case .int32(let values): append(Int64(values[index]))
    case .int64(let values): append(values[index])
    case .float(let values): append((values[index].isNaN ? Float.nan : values[index]).bitPattern)
    case .double(let values): append((values[index].isNaN ? Double.nan : values[index]).bitPattern)
    case .decimal(let values): append(values[index])
    case .byteStrings(let strings):
      let range = strings.range(index)
      append(UInt32(range.count))
      bytes.append(contentsOf: strings.bytes[range])
    }
  }

  private mutating func append(_ integer: some FixedWidthInteger) {
    withUnsafeBytes(of: integer.littleEndian) { bytes.append(contentsOf: $0) }
  }
}

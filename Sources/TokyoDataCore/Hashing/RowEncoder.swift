/// Encodes one row for its hash: a presence byte before each value, fixed widths little endian.
///
/// Integers, dates (days), times and timestamps (microseconds) take 8 bytes, decimals 16 at the column's
/// scale, floats their IEEE bits with every NaN as the quiet one, booleans 1, texts and bytes a 4-byte length
/// first. Lists and maps have a 4-byte count, then their elements; the entries of a map in the order of the
/// encoded keys. A structure is its fields.
struct RowEncoder {
  /// The low and high half of a row's hash are XXH64 under these seeds: the first 16 hex digits of the
  /// fractions of √2 and √3.
  static let lowSeed: UInt64 = 0x6A09_E667_F3BC_C908
  static let highSeed: UInt64 = 0xBB67_AE85_84CA_A73B

  private(set) var bytes: [UInt8] = []

  /// Encodes a row of a batch, and forgets the one before.
  mutating func encode(row: Int, of batch: ColumnBatch) {
    bytes.removeAll(keepingCapacity: true)
    for column in batch.columns { append(slot: row, of: column) }
  }

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
    case .int8(let values): append(Int64(values[index]))
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
    case .list(let offsets, let elements):
      append(UInt32(offsets[index + 1] - offsets[index]))
      for slot in offsets[index]..<offsets[index + 1] { append(slot: Int(slot), of: elements) }
    case .structure(let fields):
      for field in fields { append(slot: index, of: field) }
    case .map(let offsets, let keys, let values):
      append(entries: offsets[index]..<offsets[index + 1], keys, values)
    }
  }

  private mutating func append(entries: Range<Int32>, _ keys: ColumnVector, _ values: ColumnVector) {
    append(UInt32(entries.count))
    let encoded = entries.map { slot in
      var (key, value) = (RowEncoder(), RowEncoder())
      key.append(slot: Int(slot), of: keys)
      value.append(slot: Int(slot), of: values)
      return (key: key.bytes, value: value.bytes)
    }
    // Equal keys are told apart by their values, so that the order never depends on the file's.
    let sorted = encoded.sorted {
      $0.key == $1.key
        ? $0.value.lexicographicallyPrecedes($1.value) : $0.key.lexicographicallyPrecedes($1.key)
    }
    for entry in sorted { bytes += entry.key + entry.value }
  }

  private mutating func append(_ integer: some FixedWidthInteger) {
    withUnsafeBytes(of: integer.littleEndian) { bytes.append(contentsOf: $0) }
  }
}

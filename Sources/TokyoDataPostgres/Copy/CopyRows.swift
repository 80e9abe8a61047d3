internal import TokyoDataCore

/// Writes the rows of a batch as a binary COPY, column by column into rows whose places are known beforehand.
struct CopyRows {
  private let encoders: [FieldEncoder]
  private let batch: ColumnBatch
  private let rowsPerBlock: Int
  private var nextRow = 0
  /// Where the next field of each of the block's rows goes.
  private var places: [Int] = []
  /// The bytes of columns whose values are not to be had without encoding them.
  private var encoded: [EncodedFields]
  /// The current block, in the first `byteCount` bytes.
  private(set) var bytes: [UInt8] = []
  private(set) var byteCount = 0

  /// A block has about so many bytes: enough for a message, and few enough to stay near the processor.
  private static let blockBytes = 128 << 10

  init(_ batch: ColumnBatch, by encoders: [FieldEncoder]) {
    self.batch = batch
    self.encoders = encoders
    encoded = encoders.map { _ in EncodedFields() }
    let valueBytes = batch.columns.reduce(0) { $0 + $1.byteCount } / max(1, batch.rowCount)
    rowsPerBlock = min(max(1, Self.blockBytes / (valueBytes + 4 * encoders.count + 2)), 2_048)
  }

  /// Encodes the next rows into `bytes`; false where there are none any more.
  ///
  /// - Throws: `PostgresError.valueNotRepresentable` naming the column.
  mutating func encodeBlock() throws(PostgresError) -> Bool {
    guard nextRow < batch.rowCount else { return false }
    let rows = nextRow..<min(nextRow + rowsPerBlock, batch.rowCount)
    nextRow = rows.upperBound
    try place(rows)
    try write(rows)
    return true
  }

  /// Finds out where every row begins.
  private mutating func place(_ rows: Range<Int>) throws(PostgresError) {
    places.removeAll(keepingCapacity: true)
    places.append(contentsOf: repeatElement(2 + 4 * encoders.count, count: rows.count))
    for (index, encoder) in encoders.enumerated() {
      do throws(PostgresError) {
        try encoder.measure(rows, of: batch.columns[index], adding: &places, &encoded[index])
      } catch { throw error.inColumn(encoder.name) }
    }
    var end = 0
    for row in places.indices {
      let start = end
      end += places[row]
      places[row] = start
    }
    byteCount = end
    guard byteCount <= Int(Int32.max) else {
      throw PostgresError(.valueNotRepresentable, "a row has more bytes than PostgreSQL takes")
    }
    if bytes.count < byteCount { bytes = Array(repeating: 0, count: byteCount) }
  }

  private mutating func write(_ rows: Range<Int>) throws(PostgresError) {
    let fieldCount = Int16(truncatingIfNeeded: encoders.count).bigEndian
    var failure: PostgresError?
    bytes.withUnsafeMutableBytes { bytes in
      places.withUnsafeMutableBufferPointer { places in
        guard let base = bytes.baseAddress, let places = places.baseAddress else { return }
        for row in 0..<rows.count {
          base.storeBytes(of: fieldCount, toByteOffset: places[row], as: Int16.self)
          places[row] += 2
        }
        for (index, encoder) in encoders.enumerated() {
          do throws(PostgresError) {
            try encoder.write(rows, of: batch.columns[index], encoded[index], to: base, at: places)
          } catch {
            failure = error.inColumn(encoder.name)
            return
          }
        }
      }
    }
    if let failure { throw failure }
  }
}

/// The fields of one column's part of a block, end to end with their lengths.
struct EncodedFields {
  var bytes: [UInt8] = []
  /// Where each row's field ends.
  var ends: [Int] = []

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
  }
}

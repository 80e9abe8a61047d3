internal import TokyoDataColumns

/// What a leaf column has in a row group: its slots, in the pieces in which batches brought them.
///
/// The pieces refer to the batches' own buffers; nothing is copied until the chunk is encoded.
struct LeafSlots: Sendable {
  /// Some consecutive slots of a column of the leaf's type, nulls included.
  struct Piece: Sendable {
    let column: ColumnVector
    let slots: Range<Int>
  }

  private(set) var pieces: [Piece] = []
  private(set) var rowCount = 0
  /// The bytes of the slots' values and levels, however batches cut them.
  private(set) var byteCount = 0
  /// Of columns within others: the levels of every slot, and of what outer nulls and empty lists leave out.
  private(set) var levels: SlotLevels?

  init(isNested: Bool) { levels = isNested ? SlotLevels() : nil }

  /// Adds rows of a column that is neither in a group nor repeated.
  mutating func append(_ column: ColumnVector, _ rows: Range<Int>) {
    pieces.append(Piece(column: column, slots: rows))
    rowCount += rows.count
    byteCount += column.byteCount(rows)
  }

  /// Adds slots of a column within others, with the levels of `rows` rows.
  mutating func append(_ column: ColumnVector, _ slots: Range<Int>, _ added: SlotLevels, rows: Int) {
    pieces.append(Piece(column: column, slots: slots))
    levels?.append(added)
    rowCount += rows
    byteCount += column.byteCount(slots) + 2 * added.definition.count
  }
}

extension ColumnVector {
  /// The bytes of some slots of a column that is not nested.
  fileprivate func byteCount(_ slots: Range<Int>) -> Int {
    switch storage {
    case .bool, .int8: slots.count
    case .int16: slots.count * 2
    case .int32, .float: slots.count * 4
    case .int64, .double: slots.count * 8
    case .decimal: slots.count * 16
    case .byteStrings(let strings):
      slots.count * 4 + Int(strings.offsets[slots.upperBound] - strings.offsets[slots.lowerBound])
    case .list, .structure, .map: 0
    }
  }
}

/// Definition and repetition levels, one of each for every slot.
struct SlotLevels: Sendable {
  var definition: [UInt8] = []
  var repetition: [UInt8] = []

  mutating func append(_ other: SlotLevels) {
    definition.append(contentsOf: other.definition)
    repetition.append(contentsOf: other.repetition)
  }
}

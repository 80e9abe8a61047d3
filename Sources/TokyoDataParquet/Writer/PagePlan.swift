/// Which rows, slots and values go into one page.
struct PagePlan: Hashable {
  let rows: Range<Int>
  /// Nulls, and in nested columns what stands for empty lists, have slots; elsewhere a slot is a row.
  let slots: Range<Int>
  let values: Range<Int>
}

/// The levels of a chunk's slots, from which pages take theirs.
enum ChunkLevels {
  /// A column of its own: definition levels of at most 1, which are validity bits.
  case flat(Bitmap)
  /// A column within others, by the highest level of each kind.
  case nested(SlotLevels, definition: UInt8, repetition: UInt8)

  init(_ slots: LeafSlots, _ leaf: LeafColumn) {
    if let levels = slots.levels {
      self = .nested(
        levels, definition: UInt8(truncatingIfNeeded: leaf.maximumDefinitionLevel),
        repetition: UInt8(truncatingIfNeeded: leaf.maximumRepetitionLevel))
    } else {
      var validity = Bitmap()
      for piece in slots.pieces { validity.append(piece.column.validity, piece.slots) }
      self = .flat(validity)
    }
  }

  var slotCount: Int {
    switch self {
    case .flat(let validity): validity.count
    case .nested(let levels, _, _): levels.definition.count
    }
  }
}

/// Cuts the slots of a chunk into pages.
struct PagePlanner {
  let levels: ChunkLevels
  /// The most rows of a page.
  let rows: Int
  /// The bytes of values at which a page ends.
  let bytes: Int

  /// A page of a list column may hold any number of slots for its rows; beyond this it ends with its row.
  private static var slotLimit: Int { 1 << 20 }

  /// The pages, where `size` tells the bytes that some values take in a page.
  func pages(_ size: (_ values: Range<Int>) -> Int) -> [PagePlan] {
    switch levels {
    case .flat(let validity): flatPages(validity, size)
    case .nested(let levels, let definition, let repetition):
      nestedPages(levels, definition, repetition, size)
    }
  }

  private func flatPages(_ validity: Bitmap, _ size: (Range<Int>) -> Int) -> [PagePlan] {
    var plans: [PagePlan] = []
    var (row, value) = (0, 0)
    while row < validity.count {
      let start = value
      func values(to end: Int) -> Range<Int> { start..<start + validity.setCount(in: row..<end) }
      var end = min(row + rows, validity.count)
      if size(values(to: end)) > bytes {
        // The most rows that fit; the first value always goes in, however large it is.
        var (fitting, tooMany) = (row, end)
        while tooMany - fitting > 1 {
          let middle = (fitting + tooMany) / 2
          if size(values(to: middle)) > bytes { tooMany = middle } else { fitting = middle }
        }
        end = values(to: fitting).isEmpty ? tooMany : fitting
      }
      plans.append(PagePlan(rows: row..<end, slots: row..<end, values: values(to: end)))
      (row, value) = (end, values(to: end).upperBound)
    }
    return plans
  }

  private func nestedPages(
    _ levels: SlotLevels, _ definition: UInt8, _ repetition: UInt8, _ size: (Range<Int>) -> Int
  ) -> [PagePlan] {
    var plans: [PagePlan] = []
    var (rowStart, slotStart, valueStart) = (0, 0, 0)
    var (row, value) = (0, 0)
    // The end of the last whole row, which is where a page may end.
    for slot in levels.definition.indices {
      if levels.repetition[slot] == 0, slot > slotStart {
        row += 1
        let isFull =
          row - rowStart >= rows || slot - slotStart >= Self.slotLimit || size(valueStart..<value) >= bytes
        if isFull {
          plans.append(
            PagePlan(rows: rowStart..<row, slots: slotStart..<slot, values: valueStart..<value))
          (rowStart, slotStart, valueStart) = (row, slot, value)
        }
      }
      if levels.definition[slot] == definition { value += 1 }
    }
    if slotStart < levels.definition.count {
      plans.append(
        PagePlan(
          rows: rowStart..<row + 1, slots: slotStart..<levels.definition.count, values: valueStart..<value))
    }
    return plans
  }
}

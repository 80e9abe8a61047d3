internal import TokyoDataColumns

/// Takes the rows of a column apart into the slots of its leaves.
///
/// Dremel's levels say how to put them together again: how far the path to a value is there, and at which
/// repeated node a further value begins.
struct Shredder: Sendable {
  private let shape: ColumnShape
  private(set) var leaves: [LeafSlots]

  init(_ shape: ColumnShape) {
    self.shape = shape
    leaves = shape.leaves.map { LeafSlots(isNested: !$0.isFlat) }
  }

  mutating func removeAll() { leaves = shape.leaves.map { LeafSlots(isNested: !$0.isFlat) } }

  /// Adds rows of a column of the shape's type.
  mutating func append(_ column: ColumnVector, _ rows: Range<Int>) throws(ParquetError) {
    if leaves.count == 1, leaves[0].levels == nil { return leaves[0].append(column, rows) }
    var leaf = 0
    let entries = Entries(rows)
    try visit(shape, column, rows, entries, rowCount: rows.count, &leaf)
  }

  /// The levels so far of every value, and the slot of the node's column that it lies in.
  private struct Entries {
    var levels: SlotLevels
    /// Negative where an outer null or an empty list leaves nothing.
    var slots: [Int32]

    init(_ rows: Range<Int>) {
      let zeros = [UInt8](repeating: 0, count: rows.count)
      levels = SlotLevels(definition: zeros, repetition: zeros)
      slots = rows.map { Int32(truncatingIfNeeded: $0) }
    }

    init(capacity: Int) {
      levels = SlotLevels()
      levels.definition.reserveCapacity(capacity)
      levels.repetition.reserveCapacity(capacity)
      slots = []
      slots.reserveCapacity(capacity)
    }

    @inline(__always)
    mutating func append(_ repetition: UInt8, _ definition: UInt8, slot: Int32) {
      levels.repetition.append(repetition)
      levels.definition.append(definition)
      slots.append(slot)
    }
  }

  /// Goes down from a node whose column has `slots`, all of which are among the entries.
  private mutating func visit(
    _ shape: ColumnShape, _ column: ColumnVector, _ slots: Range<Int>, _ outer: Entries, rowCount: Int,
    _ leaf: inout Int
  ) throws(ParquetError) {
    var entries = outer
    try define(&entries, shape, column)
    switch (shape.kind, column.storage) {
    case (.structure(let fields), .structure(let vectors)):
      for (field, vector) in zip(fields, vectors) {
        try visit(field, vector, slots, entries, rowCount: rowCount, &leaf)
      }
    case (.list(let repetition, let element), .list(let offsets, let elements)):
      let inner = repeated(entries, offsets, repetition)
      try visit(element, elements, Self.inner(slots, offsets), inner, rowCount: rowCount, &leaf)
    case (.map(let repetition, let key, let value), .map(let offsets, let keys, let values)):
      let (inner, innerSlots) = (repeated(entries, offsets, repetition), Self.inner(slots, offsets))
      try visit(key, keys, innerSlots, inner, rowCount: rowCount, &leaf)
      try visit(value, values, innerSlots, inner, rowCount: rowCount, &leaf)
    case (.leaf, _):
      leaves[leaf].append(column, slots, entries.levels, rows: rowCount)
      leaf += 1
    default:
      throw ParquetError(.schemaMismatch, "a column of another type than its schema has")
    }
  }

  /// Raises the definition level of what is there, and ends the path of what is null.
  private func define(
    _ entries: inout Entries, _ shape: ColumnShape, _ column: ColumnVector
  ) throws(ParquetError) {
    let definition = UInt8(truncatingIfNeeded: shape.definition)
    let isDense = column.nullCount == 0
    for index in entries.slots.indices where entries.slots[index] >= 0 {
      if isDense || column.validity[Int(entries.slots[index])] {
        entries.levels.definition[index] = definition
      } else {
        guard shape.field.isNullable else {
          throw ParquetError(.schemaMismatch, "a null where the schema has none: \(shape.field.name)")
        }
        entries.slots[index] = -1
      }
    }
  }

  /// An entry for every element; one without a slot for a list that is empty or not there.
  private func repeated(
    _ entries: Entries, _ offsets: [Int32], _ repetition: ColumnShape.Repetition
  ) -> Entries {
    let (definition, level) = (
      UInt8(truncatingIfNeeded: repetition.definition), UInt8(truncatingIfNeeded: repetition.level)
    )
    var inner = Entries(capacity: entries.slots.count)
    for index in entries.slots.indices {
      let slot = Int(entries.slots[index])
      let first = entries.levels.repetition[index]
      guard slot >= 0, offsets[slot] < offsets[slot + 1] else {
        inner.append(first, entries.levels.definition[index], slot: -1)
        continue
      }
      for element in offsets[slot]..<offsets[slot + 1] {
        inner.append(element == offsets[slot] ? first : level, definition, slot: element)
      }
    }
    return inner
  }

  private static func inner(_ slots: Range<Int>, _ offsets: [Int32]) -> Range<Int> {
    Int(offsets[slots.lowerBound])..<Int(offsets[slots.upperBound])
  }
}

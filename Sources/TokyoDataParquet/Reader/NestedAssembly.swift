internal import TokyoDataColumns

/// Puts the leaves of a nested column together to its lists, structures and maps.
///
/// Definition levels tell how far the path to an entry is there, repetition levels at which repeated node it
/// goes on. Every leaf tells so of all nodes above it; leaves that disagree are an error.
struct NestedAssembly {
  /// The levels that make an entry of a leaf a slot of a node: those of the repeated node around it.
  private struct Context {
    var definition = 0
    var level = 0
  }

  private let portions: [LeafReader.Portion]

  /// Takes the same rows of all leaves of a column, in order.
  init(_ portions: [LeafReader.Portion]) { self.portions = portions }

  /// The column of the shape.
  func column(_ shape: ColumnShape) throws(ParquetError) -> ColumnVector {
    var leaf = 0
    return try column(shape, Context(), &leaf)
  }

  private func column(
    _ shape: ColumnShape, _ context: Context, _ leaf: inout Int
  ) throws(ParquetError) -> ColumnVector {
    let leaves = leaf..<leaf + shape.leaves.count
    let type = shape.field.type
    switch shape.kind {
    case .leaf:
      leaf += 1
      return portions[leaves.lowerBound].column
    case .structure(let fields):
      let validity = try agreed(leaves, shape) { Self.validity($0, shape.definition, context) }
      var columns: [ColumnVector] = []
      for field in fields {
        let column = try column(field, context, &leaf)
        guard column.count == validity.count else { throw Self.disagreement(shape) }
        columns.append(column)
      }
      return ColumnVector(type: type, storage: .structure(columns), validity: validity.validity())
    case .list(let repetition, let element):
      let lists = try agreed(leaves, shape) { Self.lists($0, shape.definition, repetition, context) }
      let inner = Context(definition: repetition.definition, level: repetition.level)
      let elements = try column(element, inner, &leaf)
      guard elements.count == lists.elementCount else { throw Self.disagreement(shape) }
      return ColumnVector(
        type: type, storage: .list(offsets: lists.offsets, elements: elements),
        validity: lists.validity.validity())
    case .map(let repetition, let key, let value):
      let lists = try agreed(leaves, shape) { Self.lists($0, shape.definition, repetition, context) }
      let inner = Context(definition: repetition.definition, level: repetition.level)
      let keys = try column(key, inner, &leaf)
      let values = try column(value, inner, &leaf)
      guard keys.count == lists.elementCount, values.count == keys.count else {
        throw Self.disagreement(shape)
      }
      guard keys.nullCount == 0 else {
        throw ParquetError(.valueOutOfRange, "a map with a key that is null: \(shape.field.name)")
      }
      return ColumnVector(
        type: type, storage: .map(offsets: lists.offsets, keys: keys, values: values),
        validity: lists.validity.validity())
    }
  }

  private static func disagreement(_ shape: ColumnShape) -> ParquetError {
    .corrupted("columns of one group that disagree about it: \(shape.field.name)")
  }

  /// What the first of some leaves tells, if the others tell the same.
  private func agreed<Told: Equatable>(
    _ leaves: Range<Int>, _ shape: ColumnShape, _ tell: (EntryLevels) -> Told
  ) throws(ParquetError) -> Told {
    let told = tell(portions[leaves.lowerBound].levels)
    for leaf in leaves.dropFirst() where tell(portions[leaf].levels) != told {
      throw Self.disagreement(shape)
    }
    return told
  }
}

// MARK: - What levels tell

extension NestedAssembly {
  /// Where lists begin and which of them are there.
  private struct Lists: Equatable {
    var offsets: [Int32] = [0]
    var validity = Bitmap()

    var elementCount: Int { Int(offsets[offsets.count - 1]) }
  }

  private static func validity(_ levels: EntryLevels, _ definition: Int, _ context: Context) -> Bitmap {
    var validity = Bitmap()
    var word: UInt64 = 0
    var length = 0
    for index in 0..<levels.count {
      let level = Int(levels.definition[index])
      guard level >= context.definition, Int(levels.repetition[index]) <= context.level else { continue }
      if level >= definition { word |= 1 << UInt64(length) }
      length += 1
      if length == 64 {
        validity.append(word, length: 64)
        (word, length) = (0, 0)
      }
    }
    if length > 0 { validity.append(word, length: length) }
    return validity
  }

  private static func lists(
    _ levels: EntryLevels, _ definition: Int, _ repetition: ColumnShape.Repetition, _ context: Context
  ) -> Lists {
    let count = levels.count
    var offsets = [Int32].unfilled(count + 1)
    var validity = Bitmap()
    var slots = 0
    offsets.withUnsafeMutableBufferPointer { offsets in
      levels.definition.withUnsafeBufferPointer { definitions in
        levels.repetition.withUnsafeBufferPointer { repetitions in
          // Entries are fewer than a column may have slots, as the limit of a portion counts two bytes for
          // each.
          var elements: Int32 = 0
          var (word, length): (UInt64, UInt64) = (0, 0)
          for index in 0..<count {
            let (level, repeated) = (Int(definitions[index]), Int(repetitions[index]))
            guard level >= context.definition, repeated <= repetition.level else { continue }
            // What is no beginning of a list is written over.
            offsets[slots] = elements
            let begins: UInt64 = repeated <= context.level ? 1 : 0
            slots &+= Int(truncatingIfNeeded: begins)
            word |= (level >= definition ? begins : 0) &<< length
            length &+= begins
            if length == 64 {
              validity.append(word, length: 64)
              (word, length) = (0, 0)
            }
            elements &+= level >= repetition.definition ? 1 : 0
          }
          offsets[slots] = elements
          if length > 0 { validity.append(word, length: Int(length)) }
        }
      }
    }
    offsets.cut(to: slots + 1)
    return Lists(offsets: offsets, validity: validity)
  }
}

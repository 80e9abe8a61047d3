internal import BenchSupport
internal import TokyoDataParquet

/// Writes columns as bare bytes, so that a program of another language can hold them against its own.
///
/// Column N becomes `N.values` (its values as they lie in memory, or all bytes of its texts), `N.valid` (a
/// byte a slot, 1 for a value) and, for texts, `N.lengths` (an Int32 a slot).
struct Dump {
  let folder: String

  func write(_ batches: [ColumnBatch]) throws {
    guard let first = batches.first else { throw BenchError("nothing was read") }
    for (index, field) in first.schema.fields.enumerated() {
      let values = try OutputFile("\(folder)/\(index).values")
      let valid = try OutputFile("\(folder)/\(index).valid")
      let lengths =
        field.type == .string || field.type == .bytes ? try OutputFile("\(folder)/\(index).lengths") : nil
      for batch in batches {
        let column = batch.columns[index]
        let slots = (0..<column.count).map { UInt8(column.validity[$0] ? 1 : 0) }
        try slots.withUnsafeBytes { try valid.write($0) }
        if let lengths {
          try writeTexts(column, values, lengths)
        } else {
          try writeNumbers(column, values)
        }
      }
    }
  }

  private func writeNumbers(_ column: ColumnVector, _ values: OutputFile) throws {
    switch column.type {
    case .bool: try write(column, as: Bool.self, values)
    case .int16: try write(column, as: Int16.self, values)
    case .int32, .date: try write(column, as: Int32.self, values)
    case .int64, .timestamp, .localTimestamp: try write(column, as: Int64.self, values)
    case .float: try write(column, as: Float.self, values)
    case .double: try write(column, as: Double.self, values)
    case .decimal: try write(column, as: Int128.self, values)
    default: throw BenchError("columns of type \(column.type) cannot be dumped")
    }
  }

  private func write<Element: FixedWidthValue>(
    _ column: ColumnVector, as _: Element.Type, _ file: OutputFile
  ) throws {
    try column.withValues(as: Element.self) { values, _ in
      try values.withUnsafeBytes { try file.write($0) }
    }
  }

  private func writeTexts(_ column: ColumnVector, _ values: OutputFile, _ lengths: OutputFile) throws {
    try column.withByteStrings { offsets, bytes, _ in
      let each = (0..<column.count).map { offsets[$0 + 1] - offsets[$0] }
      try each.withUnsafeBytes { try lengths.write($0) }
      try bytes.withUnsafeBytes { try values.write($0) }
    }
  }
}

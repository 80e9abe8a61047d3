internal import TokyoDataColumns

/// How the columns of a schema lie in a file: as elements, and as shapes over leaves.
struct FileSchema: Sendable {
  let elements: [ParquetSchemaElement]
  /// One for each column, in order.
  let shapes: [ColumnShape]

  init(_ schema: ColumnSchema, _ options: ParquetWriterOptions) throws(ParquetError) {
    guard schema.count > 0 else {
      throw ParquetError(.invalidArgument, "a file without columns cannot be read everywhere")
    }
    var root = ParquetSchemaElement(name: "schema")
    root.childCount = Int32(truncatingIfNeeded: schema.count)
    elements =
      [root]
      + schema.fields.flatMap { field in
        ParquetSchemaElement.elements(for: field) { options.columns[$0.joined(separator: ".")]?.label }
      }
    shapes = try Self.shapes(elements)
    try options.validate(shapes.flatMap(\.leaves))
  }

  /// What a reader makes of the elements is what the writer goes by.
  private static func shapes(_ elements: [ParquetSchemaElement]) throws(ParquetError) -> [ColumnShape] {
    do throws(ParquetError) {
      var shapes: [ColumnShape] = []
      for node in try SchemaTree(elements).nodes {
        guard let shape = try ColumnShape.reading(node) else {
          throw ParquetError(.invalidArgument, "a type that files cannot have", column: node.name)
        }
        shapes.append(shape)
      }
      return shapes
    } catch {
      throw ParquetError(.invalidArgument, error.message, column: error.column)
    }
  }
}

internal import TokyoDataColumns

/// A column of values in the schema tree, below any groups.
struct LeafColumn: Sendable {
  /// Its position among the leaves, which is that of its chunk in every row group.
  let index: Int
  let path: [String]
  let element: ParquetSchemaElement
  let maximumDefinitionLevel: Int
  let maximumRepetitionLevel: Int

  var name: String { path.joined(separator: ".") }

  /// The leaf is a column of its own, neither in a group nor repeated.
  var isFlat: Bool { path.count == 1 && maximumRepetitionLevel == 0 }
}

/// The leaves of a schema, found with bounded depth.
struct SchemaTree {
  static let maximumDepth = 100

  private(set) var leaves: [LeafColumn] = []
  /// The names right below the root, in order.
  private(set) var topLevelNames: [String] = []
  private let elements: [ParquetSchemaElement]
  private var next = 1

  init(_ elements: [ParquetSchemaElement]) throws(ParquetError) {
    self.elements = elements
    guard let root = elements.first else { throw .corrupted("a schema without a root") }
    for _ in 0..<(try childCount(root)) {
      if next < elements.count { topLevelNames.append(elements[next].name) }
      try addNode(path: [], definition: 0, repetition: 0)
    }
    guard next == elements.count else { throw .corrupted("schema elements outside of the tree") }
  }

  private func childCount(_ element: ParquetSchemaElement) throws(ParquetError) -> Int {
    let count = Int(element.childCount ?? 0)
    guard count >= 0, count < elements.count else {
      throw ParquetError(.corrupted, "a group of an impossible number of children", column: element.name)
    }
    return count
  }

  private mutating func addNode(path: [String], definition: Int, repetition: Int) throws(ParquetError) {
    guard next < elements.count else { throw .corrupted("the schema ends early") }
    guard path.count < Self.maximumDepth else { throw .corrupted("a schema nested too deeply") }
    let element = elements[next]
    next += 1
    let path = path + [element.name]
    let definition = definition + (element.repetition == .required ? 0 : 1)
    let repetition = repetition + (element.repetition == .repeated ? 1 : 0)
    guard element.repetition != nil else {
      throw ParquetError(.corrupted, "a schema element without repetition", column: element.name)
    }
    if element.physicalType != nil {
      guard element.childCount ?? 0 == 0 else {
        throw ParquetError(.corrupted, "a column with children", column: element.name)
      }
      leaves.append(
        LeafColumn(
          index: leaves.count, path: path, element: element, maximumDefinitionLevel: definition,
          maximumRepetitionLevel: repetition))
    } else {
      for _ in 0..<(try childCount(element)) {
        try addNode(path: path, definition: definition, repetition: repetition)
      }
    }
  }
}

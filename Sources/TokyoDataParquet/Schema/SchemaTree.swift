internal import TokyoDataColumns

/// A column of values in the schema tree, below any groups.
struct LeafColumn: Hashable, Sendable {
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

/// A node of a schema, with the levels that its place in the tree gives it.
struct SchemaNode: Sendable {
  let element: ParquetSchemaElement
  /// The definition level from which on the node's value is there, and not null.
  let definition: Int
  /// The repetition level at which the node, or the nearest repeated one around it, begins another value.
  let repetition: Int
  let content: Content

  indirect enum Content: Sendable {
    case leaf(LeafColumn)
    case group([SchemaNode])
  }

  var name: String { element.name }

  var children: [SchemaNode]? {
    if case .group(let children) = content { children } else { nil }
  }
}

/// The nodes of a schema, found with bounded depth.
struct SchemaTree: Sendable {
  static let maximumDepth = 100

  /// The nodes right below the root, in order.
  private(set) var nodes: [SchemaNode] = []
  private(set) var leaves: [LeafColumn] = []
  private let elements: [ParquetSchemaElement]
  private var next = 1

  init(_ elements: [ParquetSchemaElement]) throws(ParquetError) {
    self.elements = elements
    guard let root = elements.first else { throw .corrupted("a schema without a root") }
    for _ in 0..<(try childCount(root)) {
      nodes.append(try node(path: [], definition: 0, repetition: 0))
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

  private mutating func node(
    path: [String], definition: Int, repetition: Int
  ) throws(ParquetError) -> SchemaNode {
    guard next < elements.count else { throw .corrupted("the schema ends early") }
    guard path.count < Self.maximumDepth else { throw .corrupted("a schema nested too deeply") }
    let element = elements[next]
    next += 1
    let path = path + [element.name]
    guard element.repetition != nil else {
      throw ParquetError(.corrupted, "a schema element without repetition", column: element.name)
    }
    let definition = definition + (element.repetition == .required ? 0 : 1)
    let repetition = repetition + (element.repetition == .repeated ? 1 : 0)
    if element.physicalType != nil {
      guard element.childCount ?? 0 == 0 else {
        throw ParquetError(.corrupted, "a column with children", column: element.name)
      }
      let leaf = LeafColumn(
        index: leaves.count, path: path, element: element, maximumDefinitionLevel: definition,
        maximumRepetitionLevel: repetition)
      leaves.append(leaf)
      return SchemaNode(
        element: element, definition: definition, repetition: repetition, content: .leaf(leaf))
    }
    var children: [SchemaNode] = []
    for _ in 0..<(try childCount(element)) {
      children.append(try node(path: path, definition: definition, repetition: repetition))
    }
    return SchemaNode(
      element: element, definition: definition, repetition: repetition, content: .group(children))
  }
}

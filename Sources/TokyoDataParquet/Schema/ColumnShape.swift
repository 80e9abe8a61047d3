internal import TokyoDataColumns

/// How a column of ours lies in a file's schema tree: as one leaf, or as a group over several.
///
/// The writer takes rows apart by it, the reader puts them together.
struct ColumnShape: Sendable {
  /// The column's name, type and whether it may be null.
  let field: ColumnField
  /// The definition level from which on a value is there, and not null.
  let definition: Int
  let kind: Kind

  indirect enum Kind: Sendable {
    case leaf(LeafColumn, ValueConversion)
    case list(Repetition, element: ColumnShape)
    case structure([ColumnShape])
    case map(Repetition, key: ColumnShape, value: ColumnShape)
  }

  /// The levels that tell where the elements of a list, or the entries of a map, begin.
  struct Repetition: Hashable, Sendable {
    /// The definition level from which on there is an element; below it the list is empty or null.
    let definition: Int
    /// The repetition level of every element but a list's first, whose level is lower.
    let level: Int
  }

  /// The leaves that the column lies in, in the file's order.
  var leaves: [LeafColumn] { leafTypes.map(\.leaf) }

  /// The leaves, and the types of their values.
  var leafTypes: [(leaf: LeafColumn, type: ColumnType)] {
    switch kind {
    case .leaf(let leaf, _): [(leaf, field.type)]
    case .list(_, let element): element.leafTypes
    case .structure(let fields): fields.flatMap(\.leafTypes)
    case .map(_, let key, let value): key.leafTypes + value.leafTypes
    }
  }
}

extension ColumnShape {
  /// The shape of the column that a node stands for, or nil where no type of ours has it.
  static func reading(_ node: SchemaNode) throws(ParquetError) -> ColumnShape? {
    // Repeated without an annotation around it: a list that is never null, of elements that never are.
    if node.element.repetition == .repeated {
      guard let element = try value(of: node) else { return nil }
      return list(
        node.name, isNullable: false, definition: node.definition - 1, over: node, element: element)
    }
    return try value(of: node)
  }

  /// The shape of a node's value, as if the node were not repeated.
  private static func value(of node: SchemaNode) throws(ParquetError) -> ColumnShape? {
    let isNullable = node.element.repetition == .optional
    switch node.content {
    case .leaf(let leaf):
      let (type, conversion) = try ValueConversion.reading(leaf.element)
      return ColumnShape(
        field: ColumnField(node.name, type, isNullable: isNullable), definition: node.definition,
        kind: .leaf(leaf, conversion))
    case .group(let children):
      switch LogicalTypeTable.logicalType(of: node.element) {
      case .list where children.count == 1 && children[0].element.repetition == .repeated:
        guard let element = try listElement(children[0], of: node) else { return nil }
        return list(
          node.name, isNullable: isNullable, definition: node.definition, over: children[0],
          element: element)
      case .map where children.count == 1 && children[0].element.repetition == .repeated:
        return try map(node, entries: children[0], isNullable: isNullable)
      default: return try structure(node, children, isNullable: isNullable)
      }
    }
  }

  /// What the repeated node of a list holds: what lies in it, or itself in the ways of older writers.
  private static func listElement(
    _ repeated: SchemaNode, of list: SchemaNode
  ) throws(ParquetError) -> ColumnShape? {
    guard let children = repeated.children, children.count == 1,
      children[0].element.repetition != .repeated, repeated.name != "array",
      repeated.name != "\(list.name)_tuple"
    else { return try value(of: repeated) }
    return try reading(children[0])
  }

  private static func list(
    _ name: String, isNullable: Bool, definition: Int, over repeated: SchemaNode, element: ColumnShape
  ) -> ColumnShape {
    let type = ColumnType.list(of: element.field.type, isNullable: element.field.isNullable)
    return ColumnShape(
      field: ColumnField(name, type, isNullable: isNullable), definition: definition,
      kind: .list(
        Repetition(definition: repeated.definition, level: repeated.repetition), element: element))
  }

  private static func map(
    _ node: SchemaNode, entries: SchemaNode, isNullable: Bool
  ) throws(ParquetError) -> ColumnShape? {
    guard let children = entries.children, children.count == 2 else {
      // A map without values is the list of its keys.
      guard let element = try listElement(entries, of: node) else { return nil }
      return list(
        node.name, isNullable: isNullable, definition: node.definition, over: entries, element: element)
    }
    guard let key = try reading(children[0]), let value = try reading(children[1]) else { return nil }
    let type = ColumnType.map(
      key.field.type, to: value.field.type, isNullable: value.field.isNullable)
    return ColumnShape(
      field: ColumnField(node.name, type, isNullable: isNullable), definition: node.definition,
      kind: .map(
        Repetition(definition: entries.definition, level: entries.repetition), key: key, value: value))
  }

  private static func structure(
    _ node: SchemaNode, _ children: [SchemaNode], isNullable: Bool
  ) throws(ParquetError) -> ColumnShape? {
    var shapes: [ColumnShape] = []
    for child in children {
      guard let shape = try reading(child) else { return nil }
      shapes.append(shape)
    }
    // A group without children, or with one name twice, is no structure of ours.
    let type = ColumnType.structure(shapes.map(\.field))
    guard (try? type.validated()) != nil else { return nil }
    return ColumnShape(
      field: ColumnField(node.name, type, isNullable: isNullable), definition: node.definition,
      kind: .structure(shapes))
  }
}

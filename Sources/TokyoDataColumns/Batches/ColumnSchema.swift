/// A named column of a schema.
public struct ColumnField: Hashable, Sendable, Codable {
  /// The column's name, unique within its schema.
  public var name: String
  /// What its values are.
  public var type: ColumnType
  /// Whether it may hold nulls.
  public var isNullable: Bool

  /// Makes a field, nullable unless said otherwise.
  public init(_ name: String, _ type: ColumnType, isNullable: Bool = true) {
    self.name = name
    self.type = type
    self.isNullable = isNullable
  }
}

/// The named, typed columns of a batch or a file, in order.
public struct ColumnSchema: Hashable, Sendable {
  /// The columns in order.
  public let fields: [ColumnField]
  private let indices: [String: Int]
  /// What the store that the values come from calls their types, in order, where it has told: for messages
  /// alone, so no part of equality or of the coded form.
  private var sourceTypes: [String] = []

  /// Makes a schema of columns with distinct names and possible types.
  ///
  /// - Throws: `ColumnError.invalidBatch` for a repeated name, `.invalidType` for an impossible type.
  public init(_ fields: [ColumnField]) throws(ColumnError) {
    var indices: [String: Int] = [:]
    for (index, field) in fields.enumerated() {
      _ = try field.type.validated()
      guard indices.updateValue(index, forKey: field.name) == nil else {
        throw ColumnError(.invalidBatch, "the schema has the name twice", column: field.name)
      }
    }
    self.fields = fields
    self.indices = indices
  }

  /// How many columns there are.
  public var count: Int { fields.count }

  /// The position of the column with this name, or nil.
  public func index(of name: String) -> Int? { indices[name] }

  /// The position of the column with this name.
  ///
  /// - Throws: `ColumnError.unknownColumn`.
  public func requiredIndex(of name: String) throws(ColumnError) -> Int {
    guard let index = indices[name] else {
      throw ColumnError(.unknownColumn, "no such column", column: name)
    }
    return index
  }

  /// The columns with these names, in the order of the names.
  ///
  /// - Throws: `ColumnError.unknownColumn`.
  public func selecting(_ names: [String]) throws(ColumnError) -> ColumnSchema {
    var chosen: [Int] = []
    for name in names { chosen.append(try requiredIndex(of: name)) }
    var selected = try ColumnSchema(chosen.map { fields[$0] })
    if !sourceTypes.isEmpty { selected.sourceTypes = chosen.map { sourceTypes[$0] } }
    return selected
  }

  /// The same columns with what their store calls the types of all of them.
  package func from(sourceTypes: [String]) -> ColumnSchema {
    var copy = self
    copy.sourceTypes = sourceTypes.count == count ? sourceTypes : []
    return copy
  }

  /// What its store calls a column's type, or nil where it has not told.
  package func sourceType(at index: Int) -> String? {
    sourceTypes.indices.contains(index) ? sourceTypes[index] : nil
  }

  /// Both are equal.
  public static func == (left: ColumnSchema, right: ColumnSchema) -> Bool { left.fields == right.fields }

  /// Feeds what equality compares.
  public func hash(into hasher: inout Hasher) { hasher.combine(fields) }
}

extension ColumnSchema: Codable {
  /// Reads the value from its coded form.
  public init(from decoder: any Decoder) throws {
    try self.init(decoder.singleValueContainer().decode([ColumnField].self))
  }

  /// Writes the value in its coded form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(fields)
  }
}

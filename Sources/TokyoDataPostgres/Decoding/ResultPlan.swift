internal import TokyoDataCore

/// How a described result becomes batches: its schema, and whether it runs with binary or text results.
struct ResultPlan: Sendable {
  enum Fields: Sendable {
    case binary(FieldDecoders)
    case text([TextFieldDecoder])
  }

  let schema: ColumnSchema
  let fields: Fields

  var isBinary: Bool { if case .binary = fields { true } else { false } }

  /// Plans for the columns that the server describes, as the schema that the caller expects, if any.
  ///
  /// Libpq has one format per statement: where one type is not readable in binary, all come as text. So do
  /// types of the user's that a nested column shall hold but have no known binary form, such as arrays of enums.
  ///
  /// - Throws: `PostgresError.unsupportedType` naming the column.
  init(
    _ columns: [ServerResult.Column], expecting expected: ColumnSchema?, infinities: InfinityPolicy = .refuse
  ) throws(PostgresError) {
    schema = try Self.schema(of: columns, expecting: expected)
    var binary = FieldDecoders()
    var needsText = false
    for (column, field) in zip(columns, schema.fields) {
      if binary.append(from: column.type, to: field.type, infinities: infinities) { continue }
      guard field.type == .string || (field.type.isNested && !column.type.isReadInBinary) else {
        throw Self.unsupported(column.type, as: field)
      }
      needsText = true
    }
    fields =
      needsText
      ? .text(schema.fields.map { TextFieldDecoder(type: $0.type, infinities: infinities) }) : .binary(binary)
  }

  /// Plans a binary COPY, which cannot fall back to text: whatever else is cast to text in its SELECT.
  ///
  /// - Throws: `PostgresError.unsupportedType` naming the column.
  static func copyFields(
    _ schema: ColumnSchema, from sources: [PostgresType], infinities: InfinityPolicy = .refuse
  ) throws(PostgresError) -> FieldDecoders {
    guard schema.count == sources.count else {
      throw PostgresError(.unsupportedType, "\(sources.count) types for a schema of \(schema.count) columns")
    }
    var decoders = FieldDecoders()
    for (field, source) in zip(schema.fields, sources) {
      guard decoders.append(from: source, to: field.type, infinities: infinities) else {
        throw unsupported(source, as: field)
      }
    }
    return decoders
  }

  /// The schema that the caller expects, or else the one that fits the columns.
  ///
  /// - Throws: `PostgresError.unsupportedType`.
  static func schema(
    of columns: [ServerResult.Column], expecting expected: ColumnSchema?
  ) throws(PostgresError) -> ColumnSchema {
    let schema: ColumnSchema
    if let expected { schema = expected } else { schema = try naturalSchema(of: columns) }
    guard schema.count == columns.count else {
      throw PostgresError(
        .unsupportedType, "the statement returns \(columns.count) columns where \(schema.count) are expected")
    }
    return schema.from(sourceTypes: columns.map(\.type.description))
  }

  static func unsupported(_ type: PostgresType, as field: ColumnField) -> PostgresError {
    PostgresError(
      .unsupportedType, "values of type \(type) do not go into a \(field.type) column", column: field.name)
  }

  private static func naturalSchema(of columns: [ServerResult.Column]) throws(PostgresError) -> ColumnSchema {
    var fields: [ColumnField] = []
    for column in columns {
      do throws(PostgresError) {
        fields.append(ColumnField(column.name, try ColumnType(column.type, modifier: column.modifier)))
      } catch { throw error.inColumn(column.name) }
    }
    do throws(ColumnError) { return try ColumnSchema(fields) } catch {
      throw PostgresError(.unsupportedType, error.message, column: error.column, cause: error)
    }
  }
}

extension ColumnType {
  /// The column type of a server's type: its own where there is one, a list for arrays of such, `string` for
  /// all others.
  ///
  /// An array's column says nothing of its dimensions; one of several is an error when it comes, unless the
  /// caller expects a `string`.
  ///
  /// - Throws: `PostgresError.unsupportedType` for a numeric without precision, which is never guessed, or
  ///   with more than 38 digits.
  init(_ type: PostgresType, modifier: Int32) throws(PostgresError) {
    if let element = type.element {
      self = .list(of: try ColumnType(element, modifier: modifier))
      return
    }
    switch type {
    case .bool: self = .bool
    case .int2: self = .int16
    case .int4: self = .int32
    case .int8, .oid, .xid, .xid8: self = .int64
    case .float4: self = .float
    case .float8: self = .double
    case .bytea: self = .bytes
    case .date: self = .date
    case .time: self = .time
    case .timestamptz: self = .timestamp
    case .timestamp: self = .localTimestamp
    case .numeric:
      guard let (precision, scale) = PostgresType.numericShape(modifier: modifier) else {
        throw PostgresError(
          .unsupportedType, "a numeric without precision: say which column type it shall have")
      }
      guard precision <= Decimal128.maximumPrecision else {
        throw PostgresError(.unsupportedType, "a numeric of \(precision) digits; a column holds 38")
      }
      self = .decimal(precision: precision, scale: scale)
    default: self = .string
    }
  }
}

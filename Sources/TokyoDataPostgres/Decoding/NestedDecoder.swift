internal import TokyoDataCore

/// How a field of many values goes from the server's binary form into a column builder of a nested type
/// (PostgreSQL, `array_send`, `record_send` in `src/backend/utils/adt` and `hstore_send` in `contrib/hstore`).
///
/// After an error the builder holds part of a value and is good for nothing.
enum NestedDecoder: Sendable {
  case array(element: PostgresType, isNullable: Bool, FieldDecoders)
  /// A composite or anonymous record; its own bytes name the types of its fields.
  case record([ColumnField], InfinityPolicy)
  case hstore(valuesAreNullable: Bool)

  /// The way from a type to a column's, or nil where there is none in binary.
  init?(from type: PostgresType, to column: ColumnType, infinities: InfinityPolicy) {
    switch column {
    case .list(let element):
      guard let elementType = type.element else { return nil }
      var decoders = FieldDecoders()
      // A null that stands for an infinity has no place among elements that are never null.
      guard
        decoders.append(
          from: elementType, to: element.type, infinities: element.isNullable ? infinities : .refuse)
      else { return nil }
      self = .array(element: elementType, isNullable: element.isNullable, decoders)
    case .structure(let fields):
      guard type.isUserDefined || type == .record else { return nil }
      self = .record(fields, infinities)
    case .map(.string, let value) where value.type == .string:
      guard type.isUserDefined else { return nil }
      self = .hstore(valuesAreNullable: value.isNullable)
    default: return nil
    }
  }

  /// Decodes a field that is not NULL into the column.
  ///
  /// - Throws: `PostgresError` without column: `.protocolViolation` for bytes that are no such value,
  ///   `.valueNotRepresentable` for values that the column cannot hold, `.unsupportedType` for a record's
  ///   field of a type that does not go into the structure's.
  func decode(_ bytes: UnsafeRawBufferPointer, into column: inout ColumnBuilder) throws(PostgresError) {
    var wire = WireBytes(bytes)
    switch self {
    case .array(let element, let isNullable, let decoders):
      let count = try Self.readArrayHeader(&wire, of: element)
      try column.appendList { (elements) throws(PostgresError) in
        for _ in 0..<count {
          try Self.readValue(&wire, isNullable, into: &elements) { bytes, elements throws(PostgresError) in
            try decoders.decode(bytes, at: 0, into: &elements)
          }
        }
      }
    case .record(let fields, let infinities):
      guard let count = wire.integer(Int32.self) else { throw Self.malformed }
      guard Int(count) == fields.count else {
        throw PostgresError(
          .valueNotRepresentable, "a record of \(count) fields for a structure of \(fields.count)")
      }
      try column.appendStructure { (index, values) throws(PostgresError) in
        guard let type = wire.integer(UInt32.self).map(PostgresType.init(oid:)) else { throw Self.malformed }
        let field = fields[index]
        try Self.readValue(&wire, field.isNullable, into: &values) { bytes, values throws(PostgresError) in
          try Self.decoder(from: type, to: field, infinities).decode(bytes, at: 0, into: &values)
        }
      }
    case .hstore(let valuesAreNullable):
      guard let count = wire.integer(Int32.self), count >= 0 else { throw Self.malformed }
      try column.appendMap { (keys, values) throws(PostgresError) in
        for _ in 0..<count {
          try Self.readValue(&wire, false, into: &keys, FieldDecoder.append(text:to:))
          try Self.readValue(&wire, valuesAreNullable, into: &values, FieldDecoder.append(text:to:))
        }
      }
    }
    guard wire.isEmpty else { throw Self.malformed }
  }

  /// Dimensions, flags, the elements' type, then each dimension's length and lower bound; the number of elements.
  ///
  /// The lower bound, mostly 1, is not kept: a list has none.
  private static func readArrayHeader(
    _ wire: inout WireBytes, of element: PostgresType
  ) throws(PostgresError) -> Int {
    guard let dimensions = wire.integer(Int32.self), dimensions >= 0,
      let flags = wire.integer(Int32.self), flags == 0 || flags == 1, let oid = wire.integer(UInt32.self)
    else { throw malformed }
    guard oid == element.oid else {
      throw PostgresError(
        .protocolViolation, "an array of \(PostgresType(oid: oid)) where one of \(element) is described")
    }
    guard dimensions <= 1 else {
      throw PostgresError(.valueNotRepresentable, "an array of \(dimensions) dimensions is no list")
    }
    if dimensions == 0 { return 0 }
    guard let count = wire.integer(Int32.self), count >= 0, wire.integer(Int32.self) != nil else {
      throw malformed
    }
    return Int(count)
  }

  /// A length, negative for NULL, then so many bytes.
  private static func readValue(
    _ wire: inout WireBytes, _ isNullable: Bool, into column: inout ColumnBuilder,
    _ body: (UnsafeRawBufferPointer, inout ColumnBuilder) throws(PostgresError) -> Void
  ) throws(PostgresError) {
    guard let length = wire.integer(Int32.self) else { throw malformed }
    if length == -1 {
      guard isNullable else {
        throw PostgresError(.valueNotRepresentable, "a null within a value whose parts are never null")
      }
      return column.appendNull()
    }
    guard let bytes = wire.take(Int(length)) else { throw malformed }
    try body(bytes, &column)
  }

  private static func decoder(
    from type: PostgresType, to field: ColumnField, _ infinities: InfinityPolicy
  ) throws(PostgresError) -> FieldDecoders {
    var decoders = FieldDecoders()
    guard
      decoders.append(from: type, to: field.type, infinities: field.isNullable ? infinities : .refuse)
    else {
      throw PostgresError(
        .unsupportedType,
        "a record's value of type \(type) does not go into a field of type \(field.type)")
    }
    return decoders
  }

  private static var malformed: PostgresError {
    PostgresError(.protocolViolation, "the bytes of an array, record or hstore are malformed")
  }
}

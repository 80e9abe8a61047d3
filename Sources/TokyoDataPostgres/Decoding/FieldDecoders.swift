internal import TokyoDataCore

/// The decoders of a row's columns, of a structure's fields or of a list's element.
struct FieldDecoders: Sendable {
  // Nil where a nested one is in its place. They lie apart so that a scalar, of which COPY reads a hundred
  // million, never touches a reference count.
  private var scalars: [FieldDecoder?] = []
  private var nested: [NestedDecoder?] = []

  var count: Int { scalars.count }

  /// Adds the way from a type to a column's; false, and nothing added, where there is none in binary.
  mutating func append(
    from type: PostgresType, to column: ColumnType, infinities: InfinityPolicy
  ) -> Bool {
    if let scalar = FieldDecoder(from: type, to: column, infinities: infinities) {
      scalars.append(scalar)
      nested.append(nil)
      return true
    }
    guard let decoder = NestedDecoder(from: type, to: column, infinities: infinities) else { return false }
    scalars.append(nil)
    nested.append(decoder)
    return true
  }

  /// Decodes a field that is not NULL into the column at a place.
  ///
  /// - Throws: as `FieldDecoder.decode`.
  @inline(__always)
  func decode(
    _ bytes: UnsafeRawBufferPointer, at index: Int, into column: inout ColumnBuilder
  ) throws(PostgresError) {
    if let scalar = scalars[index] { return try scalar.decode(bytes, into: &column) }
    try decodeNested(bytes, at: index, into: &column)
  }

  @inline(never)
  private func decodeNested(
    _ bytes: UnsafeRawBufferPointer, at index: Int, into column: inout ColumnBuilder
  ) throws(PostgresError) {
    try nested[index]?.decode(bytes, into: &column)
  }
}

/// The values of one column of a batch: immutable, shared by reference, cheap to copy.
public struct ColumnVector: Sendable {
  /// What the values are.
  public let type: ColumnType
  /// Which slots hold a value.
  public let validity: Validity
  package let storage: ColumnStorage

  /// For storage that holds `type` and has as many slots as `validity`.
  package init(type: ColumnType, storage: ColumnStorage, validity: Validity) {
    assert(storage.holds(type) && storage.count == validity.count)
    self.type = type
    self.storage = storage
    self.validity = validity
  }

  /// How many slots there are, nulls included.
  public var count: Int { validity.count }

  /// How many slots are null.
  public var nullCount: Int { validity.nullCount }

  /// Lends the values of a fixed-width column without copying; null slots hold zero.
  ///
  /// - Throws: `ColumnError.typeMismatch` where the column does not lie in memory as `Element`, or what
  ///   `body` throws.
  public func withValues<Element: FixedWidthValue, Result>(
    as _: Element.Type = Element.self, _ body: (Span<Element>, Validity) throws -> Result
  ) throws -> Result {
    guard let values = Element.values(of: self) else {
      throw ColumnError(.typeMismatch, "a \(type) column does not lie in memory as \(Element.self)")
    }
    return try body(values.span, validity)
  }

  /// Lends the offsets and bytes of a `string` or `bytes` column; slot `i` is offsets `i` to `i + 1`.
  ///
  /// - Throws: `ColumnError.typeMismatch` for other columns, or what `body` throws.
  public func withByteStrings<Result>(
    _ body: (_ offsets: Span<Int32>, _ bytes: Span<UInt8>, Validity) throws -> Result
  ) throws -> Result {
    guard case .byteStrings(let strings) = storage else {
      throw ColumnError(.typeMismatch, "a \(type) column does not hold byte strings")
    }
    return try body(strings.offsets.span, strings.bytes.span, validity)
  }

  /// The value in a slot, for the API's edge; bulk work uses `withValues`.
  public subscript(index: Int) -> ColumnValue {
    guard validity[index] else { return .null }
    switch storage {
    case .bool(let values): return .bool(values[index])
    case .int8(let values): return .int(Int64(values[index]))
    case .int16(let values): return .int(Int64(values[index]))
    case .int32(let values):
      return type == .date ? .date(Day(daysSince1970: values[index])) : .int(Int64(values[index]))
    case .int64(let values):
      switch type {
      case .time: return .time(TimeOfDay(microsecondsSinceMidnight: values[index]))
      case .timestamp: return .timestamp(Timestamp(microsecondsSince1970: values[index]))
      case .localTimestamp: return .localTimestamp(LocalTimestamp(microsecondsSince1970: values[index]))
      default: return .int(values[index])
      }
    case .float(let values): return .float(values[index])
    case .double(let values): return .double(values[index])
    case .decimal(let values):
      return .decimal(Decimal128(unchecked: values[index], scale: type.exactScale ?? 0))
    case .byteStrings(let strings):
      return type == .string
        ? .string(String(decoding: strings[index], as: UTF8.self)) : .bytes(Array(strings[index]))
    case .list(let offsets, let elements):
      return .list((Int(offsets[index])..<Int(offsets[index + 1])).map { elements[$0] })
    case .structure(let fields): return .structure(fields.map { $0[index] })
    case .map(let offsets, let keys, let values):
      return .map(
        (Int(offsets[index])..<Int(offsets[index + 1])).map { ColumnMapEntry(keys[$0], values[$0]) })
    }
  }
}

extension ColumnVector {
  /// Lends the elements of a `list` column; those of slot `i` lie at `offsets[i]` up to `offsets[i + 1]`.
  ///
  /// - Throws: `ColumnError.typeMismatch` for other columns, or what `body` throws.
  public func withElements<Result>(
    _ body: (_ offsets: Span<Int32>, _ elements: ColumnVector, Validity) throws -> Result
  ) throws -> Result {
    guard case .list(let offsets, let elements) = storage else {
      throw ColumnError(.typeMismatch, "a \(type) column does not hold lists")
    }
    return try body(offsets.span, elements, validity)
  }

  /// Lends the entries of a `map` column, which lie as the elements of lists do.
  ///
  /// - Throws: `ColumnError.typeMismatch` for other columns, or what `body` throws.
  public func withEntries<Result>(
    _ body: (_ offsets: Span<Int32>, _ keys: ColumnVector, _ values: ColumnVector, Validity) throws -> Result
  ) throws -> Result {
    guard case .map(let offsets, let keys, let values) = storage else {
      throw ColumnError(.typeMismatch, "a \(type) column does not hold maps")
    }
    return try body(offsets.span, keys, values, validity)
  }

  /// The fields of a `structure` column, in its type's order; nil for other columns.
  ///
  /// Where the structure is null, so is every field.
  public var fields: [ColumnVector]? {
    if case .structure(let fields) = storage { fields } else { nil }
  }
}

extension ColumnVector: Equatable {
  /// Same type, same nulls and the same bits in every value: a NaN equals itself, −0.0 differs from 0.0.
  public static func == (left: ColumnVector, right: ColumnVector) -> Bool {
    guard left.type == right.type, left.validity == right.validity else { return false }
    switch (left.storage, right.storage) {
    case (.float(let a), .float(let b)): return a.elementsEqual(b) { $0.bitPattern == $1.bitPattern }
    case (.double(let a), .double(let b)): return a.elementsEqual(b) { $0.bitPattern == $1.bitPattern }
    default: return left.storage == right.storage
    }
  }
}

/// Collects the values of one column and becomes a ``ColumnVector``.
///
/// The typed `append` calls are for code that knows the column's type: the value of another kind is a
/// programming error there. `append(_: ColumnValue)` checks.
public struct ColumnBuilder: ~Copyable, Sendable {
  /// What the values are.
  public let type: ColumnType
  // One of these is in use; plain properties keep the hot path free of enum payload copies.
  private var bools: [Bool] = []
  private var int8s: [Int8] = []
  private var int16s: [Int16] = []
  private var int32s: [Int32] = []
  private var int64s: [Int64] = []
  private var floats: [Float] = []
  private var doubles: [Double] = []
  private var decimals: [Int128] = []
  private var strings = ByteStrings()
  /// Of lists and maps: where each slot's elements end.
  private var offsets: [Int32] = [0]
  /// Of nested types: the builders of elements, of keys and values, or of fields.
  private let children: ColumnBuilders?
  private var validity = ValidityBuilder()

  /// Makes an empty builder for columns of a type.
  public init(_ type: ColumnType) {
    self.type = type
    children =
      switch type {
      case .list(let element): ColumnBuilders([element.type])
      case .structure(let fields): ColumnBuilders(fields.map(\.type))
      case .map(let key, let value): ColumnBuilders([key, value.type])
      default: nil
      }
  }

  /// How many slots there are so far.
  public var count: Int { validity.count }

  /// The bytes that the values take in memory so far.
  public var byteCount: Int {
    bools.count + int8s.count + 2 * int16s.count + 4 * (int32s.count + floats.count)
      + 8 * (int64s.count + doubles.count) + 16 * decimals.count + strings.bytes.count
      + 4 * (strings.count + offsets.count) + validity.count / 8 + (children?.byteCount ?? 0)
  }

  /// Makes room for `count` slots in all.
  public mutating func reserve(_ count: Int) {
    switch type {
    case .bool: bools.reserveCapacity(count)
    case .int8: int8s.reserveCapacity(count)
    case .int16: int16s.reserveCapacity(count)
    case .int32, .date: int32s.reserveCapacity(count)
    case .int64, .time, .timestamp, .localTimestamp: int64s.reserveCapacity(count)
    case .float: floats.reserveCapacity(count)
    case .double: doubles.reserveCapacity(count)
    case .decimal: decimals.reserveCapacity(count)
    case .string, .bytes: strings.offsets.reserveCapacity(count + 1)
    case .list, .map: offsets.reserveCapacity(count + 1)
    case .structure: children?.reserve(count)
    }
  }

  /// Adds a null.
  public mutating func appendNull() {
    switch type {
    case .bool: bools.append(false)
    case .int8: int8s.append(0)
    case .int16: int16s.append(0)
    case .int32, .date: int32s.append(0)
    case .int64, .time, .timestamp, .localTimestamp: int64s.append(0)
    case .float: floats.append(0)
    case .double: doubles.append(0)
    case .decimal: decimals.append(0)
    case .string, .bytes: strings.offsets.append(strings.offsets[strings.offsets.count - 1])
    case .list, .map: offsets.append(offsets[offsets.count - 1])
    case .structure: children?.appendNulls()
    }
    validity.appendNull()
  }

  /// Adds to a `bool` column.
  public mutating func append(bool value: Bool) {
    bools.append(value)
    validity.appendValid()
  }

  /// Adds to an `int8` column.
  public mutating func append(int8 value: Int8) {
    int8s.append(value)
    validity.appendValid()
  }

  /// Adds to an `int16` column.
  public mutating func append(int16 value: Int16) {
    int16s.append(value)
    validity.appendValid()
  }

  /// Adds to an `int32` or `date` column.
  public mutating func append(int32 value: Int32) {
    int32s.append(value)
    validity.appendValid()
  }

  /// Adds to an `int64`, time or timestamp column.
  public mutating func append(int64 value: Int64) {
    int64s.append(value)
    validity.appendValid()
  }

  /// Adds to a `float` column.
  public mutating func append(float value: Float) {
    floats.append(value)
    validity.appendValid()
  }

  /// Adds to a `double` column.
  public mutating func append(double value: Double) {
    doubles.append(value)
    validity.appendValid()
  }

  /// Adds to a `decimal` column; the digits are at the column's scale and within its precision.
  public mutating func append(unscaled value: Int128) {
    decimals.append(value)
    validity.appendValid()
  }

  /// Adds to a `string` (UTF-8) or `bytes` column.
  ///
  /// - Throws: `ColumnError.valueOutOfRange` where the column would pass 2 GiB.
  public mutating func append(bytes value: some Collection<UInt8>) throws(ColumnError) {
    strings.bytes.append(contentsOf: value)
    try commitBytes()
  }

  /// Adds to a `string` (UTF-8) or `bytes` column from memory that is lent for the call.
  ///
  /// - Throws: `ColumnError.valueOutOfRange` where the column would pass 2 GiB.
  public mutating func append(bytes value: UnsafeRawBufferPointer) throws(ColumnError) {
    strings.bytes.append(contentsOf: value)
    try commitBytes()
  }

  private mutating func commitBytes() throws(ColumnError) {
    guard let end = Int32(exactly: strings.bytes.count) else {
      let last = Int(strings.offsets[strings.offsets.count - 1])
      strings.bytes.removeSubrange(last...)
      throw ColumnError(.valueOutOfRange, "a column of one batch holds at most 2 GiB of bytes")
    }
    strings.offsets.append(end)
    validity.appendValid()
  }

  /// Adds to a `list` column; `body` adds the elements of the one list to their builder.
  ///
  /// - Throws: `ColumnError.valueOutOfRange` where the column would pass 2³¹ elements, or what `body` throws;
  ///   the builder must then be thrown away.
  public mutating func appendList(
    _ body: (_ elements: inout ColumnBuilder) throws(ColumnError) -> Void
  ) throws(ColumnError) {
    guard case .list = type, let children else { throw notNested("lists") }
    try children.modify(0, body)
    try endEntries(children.count(0))
  }

  /// Adds to a `map` column; `body` adds keys and as many values.
  ///
  /// - Throws: `ColumnError.invalidBatch` where keys and values differ in number, `.valueOutOfRange` where
  ///   the column would pass 2³¹ entries, or what `body` throws; the builder must then be thrown away.
  public mutating func appendMap(
    _ body: (_ keys: inout ColumnBuilder, _ values: inout ColumnBuilder) throws(ColumnError) -> Void
  ) throws(ColumnError) {
    guard case .map = type, let children else { throw notNested("maps") }
    try children.modify(0, and: 1, body)
    guard children.count(0) == children.count(1) else {
      throw ColumnError(.invalidBatch, "\(children.count(0)) keys and \(children.count(1)) values")
    }
    try endEntries(children.count(0))
  }

  /// Adds to a `structure` column; `body` adds the value of each field, by its position, to its builder.
  ///
  /// - Throws: `ColumnError.invalidBatch` where a field does not get one value, or what `body` throws; the
  ///   builder must then be thrown away.
  public mutating func appendStructure(
    _ body: (_ field: Int, _ values: inout ColumnBuilder) throws(ColumnError) -> Void
  ) throws(ColumnError) {
    guard case .structure(let fields) = type, let children else { throw notNested("structures") }
    for field in fields.indices {
      try children.modify(field) { (builder) throws(ColumnError) in try body(field, &builder) }
      guard children.count(field) == validity.count + 1 else {
        throw ColumnError(
          .invalidBatch, "a field of a structure without its one value", column: fields[field].name)
      }
    }
    validity.appendValid()
  }

  private mutating func endEntries(_ count: Int) throws(ColumnError) {
    guard let end = Int32(exactly: count) else {
      throw ColumnError(.valueOutOfRange, "a column of one batch holds fewer than 2^31 elements")
    }
    offsets.append(end)
    validity.appendValid()
  }

  private func notNested(_ what: String) -> ColumnError {
    ColumnError(.typeMismatch, "a column of type \(type) does not hold \(what)")
  }

  /// Becomes the finished column.
  public consuming func finish() -> ColumnVector {
    let nested = children?.finish() ?? []
    let storage: ColumnStorage =
      switch type {
      case .list: .list(offsets: offsets, elements: nested[0])
      case .structure: .structure(nested)
      case .map: .map(offsets: offsets, keys: nested[0], values: nested[1])
      case .bool: .bool(bools)
      case .int8: .int8(int8s)
      case .int16: .int16(int16s)
      case .int32, .date: .int32(int32s)
      case .int64, .time, .timestamp, .localTimestamp: .int64(int64s)
      case .float: .float(floats)
      case .double: .double(doubles)
      case .decimal: .decimal(decimals)
      case .string, .bytes: .byteStrings(strings)
      }
    return ColumnVector(type: type, storage: storage, validity: validity.finish())
  }
}

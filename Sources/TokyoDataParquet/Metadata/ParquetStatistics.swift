/// What a file says about the values of a column chunk, and what of it can be trusted.
public struct ParquetStatistics: Hashable, Sendable {
  /// The number of nulls, or nil where the file does not say.
  public var nullCount: Int?
  /// The number of distinct values, or nil where the file does not say.
  public var distinctCount: Int?
  /// The number of floating-point values that are NaN, or nil where the file does not say.
  public var nanCount: Int?
  /// No value but NaN is below this one; nil where unknown, as for columns with nulls only.
  public var minimum: ColumnValue?
  /// No value but NaN is above this one; nil where unknown.
  public var maximum: ColumnValue?
  /// The minimum is itself a value of the chunk.
  public var isMinimumExact = false
  /// The maximum is itself a value of the chunk.
  public var isMaximumExact = false
  /// The bound as the file has it, also where it cannot be trusted.
  public var encodedMinimum: [UInt8]?
  /// The bound as the file has it, also where it cannot be trusted.
  public var encodedMaximum: [UInt8]?

  /// Makes statistics that say nothing.
  public init() {}
}

/// The statistics of a column chunk as they lie in the file.
struct EncodedStatistics: Hashable, Sendable {
  var nullCount: Int64?
  var distinctCount: Int64?
  var nanCount: Int64?
  var minimum: [UInt8]?
  var maximum: [UInt8]?
  var isMinimumExact: Bool?
  var isMaximumExact: Bool?
  /// The bounds of the deprecated fields, whose order is that of signed numbers.
  var signedMinimum: [UInt8]?
  var signedMaximum: [UInt8]?

  init() {}

  init(_ reader: inout CompactReader, _ field: CompactReader.Field) throws(ParquetError) {
    var read = EncodedStatistics()
    try reader.structure(field) { (reader, field) throws(ParquetError) in
      switch field.id {
      case 1: read.signedMaximum = try reader.binary(field)
      case 2: read.signedMinimum = try reader.binary(field)
      case 3: read.nullCount = try reader.int64(field)
      case 4: read.distinctCount = try reader.int64(field)
      case 5: read.maximum = try reader.binary(field)
      case 6: read.minimum = try reader.binary(field)
      case 7: read.isMaximumExact = try reader.bool(field)
      case 8: read.isMinimumExact = try reader.bool(field)
      case 9: read.nanCount = try reader.int64(field)
      default: try reader.skip(field)
      }
    }
    self = read
  }

  func write(_ id: Int, to writer: inout CompactWriter) {
    writer.field(id) {
      $0.field(3, int64: nullCount)
      $0.field(4, int64: distinctCount)
      $0.field(5, binary: maximum)
      $0.field(6, binary: minimum)
      $0.field(7, bool: isMaximumExact)
      $0.field(8, bool: isMinimumExact)
      $0.field(9, int64: nanCount)
    }
  }
}

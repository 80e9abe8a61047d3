/// The bounds of the data pages of a chunk, so that a reader can leave pages out.
public struct ParquetColumnIndex: Hashable, Sendable {
  /// How the bounds of pages that hold values follow each other.
  @nonexhaustive
  public enum Order: Int32, Hashable, Sendable {
    /// In no order.
    case unordered = 0
    /// Neither minima nor maxima ever fall.
    case ascending = 1
    /// Neither minima nor maxima ever rise.
    case descending = 2
  }

  /// For each page whether it holds nothing but nulls.
  public var nullPages: [Bool] = []
  /// For each page a bound as PLAIN has it, without a length; empty for pages of nulls.
  public var minimums: [[UInt8]] = []
  /// For each page a bound as PLAIN has it, without a length; empty for pages of nulls.
  public var maximums: [[UInt8]] = []
  /// How the bounds follow each other.
  public var order = Order.unordered
  /// For each page the number of its nulls, where the file says so.
  public var nullCounts: [Int]?
  /// For each page the number of its values that are NaN, where the file says so.
  public var nanCounts: [Int]?
  /// How many slots of each page have each repetition level, page after page.
  public var repetitionLevels: [Int] = []
  /// How many slots of each page have each definition level, page after page.
  public var definitionLevels: [Int] = []

  /// Makes an index of no pages.
  public init() {}
}

extension ParquetColumnIndex {
  /// Reads an index from its bytes in a file.
  init(_ bytes: [UInt8]) throws(ParquetError) {
    var reader = CompactReader(bytes, in: 0..<bytes.count)
    var index = ParquetColumnIndex()
    try reader.structure { (reader, field) throws(ParquetError) in
      switch field.id {
      case 1: index.nullPages = try reader.booleans(field)
      case 2:
        index.minimums = try reader.list(field, of: .binary) { (reader) throws(ParquetError) in
          try reader.binary()
        }
      case 3:
        index.maximums = try reader.list(field, of: .binary) { (reader) throws(ParquetError) in
          try reader.binary()
        }
      case 4: index.order = Order(rawValue: try reader.int32(field)) ?? .unordered
      case 5: index.nullCounts = try reader.counts(field)
      case 6: index.repetitionLevels = try reader.counts(field)
      case 7: index.definitionLevels = try reader.counts(field)
      case 8: index.nanCounts = try reader.counts(field)
      default: try reader.skip(field)
      }
    }
    guard index.minimums.count == index.nullPages.count, index.maximums.count == index.nullPages.count,
      index.nullCounts.map({ $0.count == index.nullPages.count }) ?? true,
      index.nanCounts.map({ $0.count == index.nullPages.count }) ?? true
    else { throw .corrupted("a column index whose lists differ in length") }
    self = index
  }

  func encoded() -> [UInt8] {
    var writer = CompactWriter()
    writer.structure {
      $0.field(1, list: nullPages, of: .boolFalse) { $0.element(bool: $1) }
      $0.field(2, list: minimums, of: .binary) { $0.element(binary: $1) }
      $0.field(3, list: maximums, of: .binary) { $0.element(binary: $1) }
      $0.field(4, int32: order.rawValue)
      if let nullCounts { $0.field(5, counts: nullCounts) }
      $0.field(6, counts: repetitionLevels)
      $0.field(7, counts: definitionLevels)
      if let nanCounts { $0.field(8, counts: nanCounts) }
    }
    return writer.bytes
  }
}

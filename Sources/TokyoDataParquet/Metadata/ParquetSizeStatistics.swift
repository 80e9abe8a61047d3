/// How large the values of a chunk are once decoded, and how its levels are distributed.
public struct ParquetSizeStatistics: Hashable, Sendable {
  /// The bytes of all byte arrays, without their lengths; nil for other types.
  public var byteArrayBytes: Int?
  /// How many slots have each repetition level, from 0 on; empty where no list is around.
  public var repetitionLevels: [Int] = []
  /// How many slots have each definition level, from 0 on; empty where nothing can be null.
  public var definitionLevels: [Int] = []

  /// Makes statistics that say nothing.
  public init() {}
}

extension ParquetSizeStatistics {
  init(_ reader: inout CompactReader, _ field: CompactReader.Field) throws(ParquetError) {
    var read = ParquetSizeStatistics()
    try reader.structure(field) { (reader, field) throws(ParquetError) in
      switch field.id {
      case 1: read.byteArrayBytes = Int(try reader.int64(field))
      case 2: read.repetitionLevels = try reader.counts(field)
      case 3: read.definitionLevels = try reader.counts(field)
      default: try reader.skip(field)
      }
    }
    self = read
  }

  func write(_ id: Int, to writer: inout CompactWriter) {
    writer.field(id) {
      $0.field(1, int64: byteArrayBytes.map { Int64($0) })
      $0.field(2, counts: repetitionLevels)
      $0.field(3, counts: definitionLevels)
    }
  }
}

extension CompactReader {
  /// A list of 64-bit counts.
  mutating func counts(_ field: Field) throws(ParquetError) -> [Int] {
    try list(field, of: .int64) { (reader) throws(ParquetError) in Int(try reader.int64()) }
  }
}

extension CompactWriter {
  /// Writes a list of counts, and nothing where there are none.
  mutating func field(_ id: Int, counts: [Int]) {
    guard !counts.isEmpty else { return }
    field(id, list: counts, of: .int64) { $0.element(int64: Int64($1)) }
  }
}

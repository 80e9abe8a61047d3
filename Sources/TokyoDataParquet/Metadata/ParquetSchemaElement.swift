/// One node of a file's schema tree, in the depth-first order in which files list them.
public struct ParquetSchemaElement: Hashable, Sendable {
  /// How often a node's value may occur in its parent.
  @nonexhaustive
  public enum Repetition: Int32, Hashable, Sendable {
    /// Exactly once.
    case required = 0
    /// At most once.
    case optional = 1
    /// Any number of times.
    case repeated = 2
  }

  /// The node's name.
  public var name: String
  /// How its values lie in the file; nil for groups.
  public var physicalType: ParquetPhysicalType?
  /// The length of fixed-length byte arrays.
  public var typeLength: Int32?
  /// How often it may occur; nil for the root.
  public var repetition: Repetition?
  /// The number of children of a group.
  public var childCount: Int32?
  /// The older annotation.
  public var convertedType: ParquetConvertedType?
  /// A decimal's scale, in the older annotation.
  public var scale: Int32?
  /// A decimal's precision, in the older annotation.
  public var precision: Int32?
  /// The number that the writer gave to the field.
  public var fieldID: Int32?
  /// The newer annotation.
  public var logicalType: ParquetLogicalType?

  init(name: String) { self.name = name }
}

extension ParquetSchemaElement {
  init(_ reader: inout CompactReader) throws(ParquetError) {
    var element = ParquetSchemaElement(name: "")
    var name: String?
    try reader.structure { (reader, field) throws(ParquetError) in
      switch field.id {
      case 1:
        let number = try reader.int32(field)
        guard let type = ParquetPhysicalType(rawValue: number) else {
          throw .corrupted("metadata: unknown physical type \(number)")
        }
        element.physicalType = type
      case 2: element.typeLength = try reader.int32(field)
      case 3:
        let number = try reader.int32(field)
        guard let repetition = Repetition(rawValue: number) else {
          throw .corrupted("metadata: unknown repetition \(number)")
        }
        element.repetition = repetition
      case 4: name = try reader.string(field)
      case 5: element.childCount = try reader.int32(field)
      case 6: element.convertedType = ParquetConvertedType(rawValue: try reader.int32(field))
      case 7: element.scale = try reader.int32(field)
      case 8: element.precision = try reader.int32(field)
      case 9: element.fieldID = try reader.int32(field)
      case 10: element.logicalType = try ParquetLogicalType(&reader, field)
      default: try reader.skip(field)
      }
    }
    element.name = try required(name, "name of a schema element")
    self = element
  }

  func write(to writer: inout CompactWriter) {
    writer.structure {
      $0.field(1, int32: physicalType?.rawValue)
      $0.field(2, int32: typeLength)
      $0.field(3, int32: repetition?.rawValue)
      $0.field(4, string: name)
      $0.field(5, int32: childCount)
      $0.field(6, int32: convertedType?.rawValue)
      $0.field(7, int32: scale)
      $0.field(8, int32: precision)
      $0.field(9, int32: fieldID)
      logicalType?.write(10, to: &$0)
    }
  }
}

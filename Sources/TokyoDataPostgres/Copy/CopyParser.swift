internal import TokyoDataCore

/// Takes a binary COPY apart, field by field into column builders.
///
/// A message of the protocol holds whole rows; the header comes with the first, the trailer stands alone
/// (PostgreSQL documentation, "COPY", binary format, and "Message Formats", CopyData).
struct CopyParser {
  private enum Position {
    case header
    case rows
    case end
  }

  private let names: [String]
  private let decoders: FieldDecoders
  private var position = Position.header

  init(names: [String], decoders: FieldDecoders) {
    self.names = names
    self.decoders = decoders
  }

  /// The trailer has come.
  var isComplete: Bool { position == .end }

  /// Adds the rows of one message.
  ///
  /// - Throws: `PostgresError.protocolViolation`, or what a field's value makes impossible, naming the column.
  mutating func parse(
    _ message: UnsafeRawBufferPointer, into builder: inout ColumnBatchBuilder
  ) throws(PostgresError) {
    var bytes = WireBytes(message)
    if position == .header {
      try Self.readHeader(&bytes)
      position = .rows
    }
    while !bytes.isEmpty {
      guard position == .rows, let count = bytes.integer(Int16.self) else { throw Self.malformed }
      if count == -1 {
        position = .end
        continue
      }
      guard Int(count) == decoders.count else {
        throw PostgresError(
          .protocolViolation, "a COPY row of \(count) fields where \(decoders.count) are expected")
      }
      for index in 0..<decoders.count {
        guard let length = bytes.integer(Int32.self) else { throw Self.malformed }
        if length == -1 {
          builder[index].appendNull()
          continue
        }
        guard let field = bytes.take(Int(length)) else { throw Self.malformed }
        do throws(PostgresError) { try decoders.decode(field, at: index, into: &builder[index]) } catch {
          throw error.inColumn(names[index])
        }
      }
    }
  }

  private static func readHeader(_ bytes: inout WireBytes) throws(PostgresError) {
    guard let signature = bytes.take(CopyFormat.signature.count),
      signature.elementsEqual(CopyFormat.signature), let flags = bytes.integer(UInt32.self),
      let extensionLength = bytes.integer(Int32.self), bytes.take(Int(extensionLength)) != nil
    else { throw malformed }
    guard flags == 0 else {
      throw PostgresError(.protocolViolation, "a COPY with flags that we do not know")
    }
  }

  private static var malformed: PostgresError {
    PostgresError(.protocolViolation, "the bytes of a COPY are malformed")
  }
}

/// The fixed parts of a binary COPY.
enum CopyFormat {
  static let signature: [UInt8] = Array("PGCOPY\n".utf8) + [0xff, 0x0d, 0x0a, 0x00]
  /// Signature, no flags, no extension.
  static let header: [UInt8] = signature + [0, 0, 0, 0, 0, 0, 0, 0]
  static let trailer: [UInt8] = [0xff, 0xff]
}

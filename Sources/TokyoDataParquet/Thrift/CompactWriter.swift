/// Writes Thrift's compact protocol.
struct CompactWriter {
  private(set) var bytes: [UInt8] = []
  private var lastField = 0

  /// Writes a structure's fields and its end.
  mutating func structure(_ body: (inout CompactWriter) -> Void) {
    let outer = lastField
    lastField = 0
    body(&self)
    bytes.append(0)
    lastField = outer
  }

  /// Writes a field that is a structure.
  mutating func field(_ id: Int, structure body: (inout CompactWriter) -> Void) {
    header(id, .structure)
    structure(body)
  }

  /// Writes a field that is a structure without fields, as unions of mere names have them.
  mutating func emptyStructure(_ id: Int) { field(id, structure: { _ in }) }

  /// Writes a field that is a list; `element` writes one element without a header.
  mutating func field<Element>(
    _ id: Int, list: [Element], of type: CompactType, _ element: (inout CompactWriter, Element) -> Void
  ) {
    header(id, .list)
    if list.count < 15 {
      bytes.append(UInt8(list.count) << 4 | type.rawValue)
    } else {
      bytes.append(0xf0 | type.rawValue)
      varint(UInt64(list.count))
    }
    for value in list { element(&self, value) }
  }

  mutating func field(_ id: Int, bool value: Bool?) {
    if let value { header(id, value ? .boolTrue : .boolFalse) }
  }

  mutating func field(_ id: Int, int8 value: Int8) {
    header(id, .int8)
    bytes.append(UInt8(bitPattern: value))
  }

  mutating func field(_ id: Int, int16 value: Int16?) {
    guard let value else { return }
    header(id, .int16)
    zigzag(Int64(value))
  }

  mutating func field(_ id: Int, int32 value: Int32?) {
    guard let value else { return }
    header(id, .int32)
    zigzag(Int64(value))
  }

  mutating func field(_ id: Int, int64 value: Int64?) {
    guard let value else { return }
    header(id, .int64)
    zigzag(value)
  }

  mutating func field(_ id: Int, binary value: [UInt8]?) {
    guard let value else { return }
    header(id, .binary)
    binary(value)
  }

  mutating func field(_ id: Int, string value: String?) {
    if let value { field(id, binary: Array(value.utf8)) }
  }

  /// An element of a list of 32-bit integers.
  mutating func element(int32 value: Int32) { zigzag(Int64(value)) }

  /// An element of a list of 64-bit integers.
  mutating func element(int64 value: Int64) { zigzag(value) }

  /// An element of a list of booleans.
  mutating func element(bool value: Bool) {
    bytes.append((value ? CompactType.boolTrue : CompactType.boolFalse).rawValue)
  }

  /// An element of a list of byte strings.
  mutating func element(binary value: [UInt8]) { binary(value) }

  /// An element of a list of texts.
  mutating func element(string value: String) { binary(Array(value.utf8)) }

  private mutating func header(_ id: Int, _ type: CompactType) {
    let delta = id - lastField
    if (1...15).contains(delta) {
      bytes.append(UInt8(delta) << 4 | type.rawValue)
    } else {
      bytes.append(type.rawValue)
      zigzag(Int64(id))
    }
    lastField = id
  }

  private mutating func binary(_ value: [UInt8]) {
    varint(UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  private mutating func zigzag(_ value: Int64) {
    varint(UInt64(bitPattern: (value << 1) ^ (value >> 63)))
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }
}

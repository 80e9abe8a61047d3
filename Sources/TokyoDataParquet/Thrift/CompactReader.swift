/// Reads Thrift's compact protocol from bytes that may be hostile.
///
/// Every length and count is held against the bytes that remain before anything is allocated, and nesting
/// is bounded, so that work and memory stay within a small multiple of the input.
struct CompactReader {
  /// The header of one field of a structure.
  struct Field {
    let id: Int
    let type: CompactType
  }

  static let maximumDepth = 64

  private let bytes: [UInt8]
  private(set) var position: Int
  private let end: Int
  private var depth = 0

  /// Reads `range` of `bytes`, which it must contain.
  init(_ bytes: [UInt8], in range: Range<Int>) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  /// Bytes not yet read.
  var remaining: Int { end - position }

  private func corrupted(_ message: String) -> ParquetError { .corrupted("metadata: \(message)") }

  private mutating func byte() throws(ParquetError) -> UInt8 {
    guard position < end else { throw corrupted("ends early") }
    defer { position += 1 }
    return bytes[position]
  }

  private mutating func varint() throws(ParquetError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), through: 63, by: 7) {
      let next = try byte()
      value |= UInt64(next & 0x7f) << shift
      if next < 0x80 { return value }
    }
    throw corrupted("a number of more than 64 bits")
  }

  private mutating func zigzag() throws(ParquetError) -> Int64 {
    let value = try varint()
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }

  private mutating func advance(_ count: Int) throws(ParquetError) {
    guard count <= remaining else { throw corrupted("ends early") }
    position += count
  }

  private func type(_ code: UInt8) throws(ParquetError) -> CompactType {
    guard let type = CompactType(rawValue: code) else { throw corrupted("unknown type \(code)") }
    return type
  }

  private func require(_ field: Field, _ type: CompactType) throws(ParquetError) {
    guard field.type == type else { throw corrupted("field \(field.id) is of another type") }
  }
}

// MARK: - Structures and lists

extension CompactReader {
  /// Reads a structure, giving every field to `body`, which must read or skip its value.
  mutating func structure(
    _ body: (inout CompactReader, Field) throws(ParquetError) -> Void
  ) throws(ParquetError) {
    guard depth < Self.maximumDepth else { throw corrupted("nested too deeply") }
    depth += 1
    defer { depth -= 1 }
    var id = 0
    while true {
      let header = try byte()
      if header == 0 { return }
      let type = try type(header & 0x0f)
      let delta = Int(header >> 4)
      id = delta == 0 ? Int(Int16(truncatingIfNeeded: try zigzag())) : id + delta
      try body(&self, Field(id: id, type: type))
    }
  }

  /// Reads a field that is a structure.
  mutating func structure(
    _ field: Field, _ body: (inout CompactReader, Field) throws(ParquetError) -> Void
  ) throws(ParquetError) {
    try require(field, .structure)
    try structure(body)
  }

  /// Reads a field that is a list of `type`, calling `element` once for each.
  mutating func list<Element>(
    _ field: Field, of type: CompactType, _ element: (inout CompactReader) throws(ParquetError) -> Element
  ) throws(ParquetError) -> [Element] {
    try require(field, .list)
    let (count, found) = try listHeader()
    guard found == type || count == 0 else { throw corrupted("field \(field.id) lists another type") }
    // Not reserved: elements are larger than their bytes, and a forged count must not buy memory.
    var elements: [Element] = []
    for _ in 0..<count { elements.append(try element(&self)) }
    return elements
  }

  /// Reads a field that is a list of booleans, a byte each, whichever of their two types it names.
  mutating func booleans(_ field: Field) throws(ParquetError) -> [Bool] {
    try require(field, .list)
    let (count, type) = try listHeader()
    guard type == .boolTrue || type == .boolFalse || count == 0 else {
      throw corrupted("field \(field.id) lists another type")
    }
    var values: [Bool] = []
    for _ in 0..<count { values.append(try byte() == CompactType.boolTrue.rawValue) }
    return values
  }

  private mutating func listHeader() throws(ParquetError) -> (count: Int, type: CompactType) {
    let header = try byte()
    let type = try type(header & 0x0f)
    let short = UInt64(header >> 4)
    let count = short == 15 ? try varint() : short
    // Every element takes at least one byte, even an empty structure.
    guard count <= UInt64(remaining) else { throw corrupted("a list longer than its bytes") }
    return (Int(count), type)
  }
}

// MARK: - Values

extension CompactReader {
  mutating func bool(_ field: Field) throws(ParquetError) -> Bool {
    switch field.type {
    case .boolTrue: true
    case .boolFalse: false
    default: throw corrupted("field \(field.id) is of another type")
    }
  }

  mutating func int8(_ field: Field) throws(ParquetError) -> Int8 {
    try require(field, .int8)
    return Int8(bitPattern: try byte())
  }

  mutating func int16(_ field: Field) throws(ParquetError) -> Int16 {
    try require(field, .int16)
    return try narrowed(try zigzag())
  }

  mutating func int32(_ field: Field) throws(ParquetError) -> Int32 {
    try require(field, .int32)
    return try int32()
  }

  /// An element of a list of 32-bit integers.
  mutating func int32() throws(ParquetError) -> Int32 { try narrowed(try zigzag()) }

  mutating func int64(_ field: Field) throws(ParquetError) -> Int64 {
    try require(field, .int64)
    return try zigzag()
  }

  mutating func binary(_ field: Field) throws(ParquetError) -> [UInt8] {
    try require(field, .binary)
    return try binary()
  }

  /// An element of a list of byte strings.
  mutating func binary() throws(ParquetError) -> [UInt8] {
    let length = try varint()
    guard length <= UInt64(remaining) else { throw corrupted("a byte string longer than its bytes") }
    defer { position += Int(length) }
    return Array(bytes[position..<position + Int(length)])
  }

  mutating func string(_ field: Field) throws(ParquetError) -> String {
    String(decoding: try binary(field), as: UTF8.self)
  }

  /// An element of a list of 64-bit integers.
  mutating func int64() throws(ParquetError) -> Int64 { try zigzag() }

  /// An element of a list of texts.
  mutating func string() throws(ParquetError) -> String { String(decoding: try binary(), as: UTF8.self) }

  private func narrowed<Integer: FixedWidthInteger>(_ value: Int64) throws(ParquetError) -> Integer {
    guard let narrow = Integer(exactly: value) else { throw corrupted("a number out of its range") }
    return narrow
  }
}

// MARK: - Skipping

extension CompactReader {
  /// Passes over a field of any type, also of types that Parquet does not use.
  mutating func skip(_ field: Field) throws(ParquetError) {
    switch field.type {
    case .boolTrue, .boolFalse: return
    default: try skip(field.type)
    }
  }

  private mutating func skip(_ type: CompactType) throws(ParquetError) {
    guard depth < Self.maximumDepth else { throw corrupted("nested too deeply") }
    switch type {
    case .stop: throw corrupted("a value of no type")
    case .boolTrue, .boolFalse, .int8: try advance(1)
    case .int16, .int32, .int64: _ = try varint()
    case .double: try advance(8)
    case .uuid: try advance(16)
    case .binary:
      let length = try varint()
      guard length <= UInt64(remaining) else { throw corrupted("a byte string longer than its bytes") }
      try advance(Int(length))
    case .list, .set:
      let (count, element) = try listHeader()
      depth += 1
      defer { depth -= 1 }
      for _ in 0..<count { try skip(element) }
    case .map:
      let count = try varint()
      guard count > 0 else { return }
      let types = try byte()
      guard count <= UInt64(remaining) else { throw corrupted("a map longer than its bytes") }
      let (key, value) = (try self.type(types >> 4), try self.type(types & 0x0f))
      depth += 1
      defer { depth -= 1 }
      for _ in 0..<count {
        try skip(key)
        try skip(value)
      }
    case .structure:
      try structure { (reader, field) throws(ParquetError) in try reader.skip(field) }
    }
  }
}

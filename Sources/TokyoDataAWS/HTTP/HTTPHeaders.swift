/// The header fields of a message, in order; names compare without regard to case.
struct HTTPHeaders: Sendable, Hashable {
  /// The fields as they were added.
  private(set) var fields: [Field] = []

  /// One field.
  struct Field: Sendable, Hashable {
    var name: String
    var value: String
  }

  init(_ fields: KeyValuePairs<String, String> = [:]) {
    self.fields = fields.map(Field.init(name:value:))
  }

  /// The first value of a name; setting replaces all of them, nil removes them.
  subscript(name: String) -> String? {
    get { fields.first { Self.isSame($0.name, name) }?.value }
    set {
      fields.removeAll { Self.isSame($0.name, name) }
      if let newValue { fields.append(Field(name: name, value: newValue)) }
    }
  }

  /// Adds a field beside those of the same name.
  mutating func add(_ name: String, _ value: String) { fields.append(Field(name: name, value: value)) }

  private static func isSame(_ left: String, _ right: String) -> Bool {
    left.utf8.count == right.utf8.count
      && zip(left.utf8, right.utf8).allSatisfy { lowercased($0) == lowercased($1) }
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}

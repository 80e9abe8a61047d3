extension Decoder {
  /// Decodes a value that is written as its description.
  func losslessValue<Value: LosslessStringConvertible>(_: Value.Type, expected: String) throws -> Value {
    let container = try singleValueContainer()
    guard let value = Value(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected \(expected)")
    }
    return value
  }
}

extension Encoder {
  /// Encodes a value as its description.
  func encodeDescription(of value: some CustomStringConvertible) throws {
    var container = singleValueContainer()
    try container.encode(value.description)
  }
}

extension RedisReply {
  /// - Throws: the error that the reply is.
  func check() throws(TokyoDataError) {
    if case .error(let error) = self { throw TokyoDataError(error) }
  }

  /// The elements of an array.
  func elements() throws(TokyoDataError) -> [RedisReply] {
    try check()
    guard case .array(let elements) = self else { throw .unexpectedReply() }
    return elements
  }

  /// The bytes of a value; nil for none.
  func optionalBytes() throws(TokyoDataError) -> [UInt8]? {
    try check()
    switch self {
    case .bytes(let bytes): return bytes
    case .null: return nil
    default: throw .unexpectedReply()
    }
  }
}

/// One reply of a server, with its bytes as they came.
enum RedisReply: Hashable, Sendable {
  case null
  case integer(Int64)
  /// A word such as `OK`.
  case status([UInt8])
  case bytes([UInt8])
  case array([RedisReply])
  case error(RedisServerError)
}

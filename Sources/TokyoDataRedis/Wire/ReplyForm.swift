/// What a reply to a command looks like if it is no error.
///
/// Replies have no names and are told apart by their order alone. One of another form than its command's is a
/// sign that they are out of step, and that every later one would go to the wrong caller.
enum ReplyForm: Hashable, Sendable {
  case any
  case status
  case integer
  /// A value, or nothing.
  case bytes
  /// So many elements.
  case array(Int)

  func fits(_ reply: RedisReply) -> Bool {
    switch (self, reply) {
    case (.any, _), (_, .error), (.status, .status), (.integer, .integer), (.bytes, .bytes), (.bytes, .null):
      true
    case (.array(let count), .array(let elements)): elements.count == count
    case (.status, _), (.integer, _), (.bytes, _), (.array, _): false
    }
  }
}

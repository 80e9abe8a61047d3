internal import CHiredis

/// Makes replies of what hiredis's reader finds, which tells each element before the next and each array before
/// its elements.
///
/// The reader's own objects would be allocated for as many elements as a server says there will be, and every
/// value would be copied once more.
final class ReplyBuilder {
  private struct OpenArray {
    var elements: [RedisReply]
    var count: Int
  }

  private let maximumElements: Int
  private var open: [OpenArray] = []
  private var finished: RedisReply?

  init(maximumElements: Int) {
    self.maximumElements = maximumElements
  }

  /// The reply that is complete.
  func take() -> RedisReply? {
    defer { finished = nil }
    return finished
  }

  fileprivate func add(_ reply: RedisReply) {
    var reply = reply
    while var array = open.popLast() {
      array.elements.append(reply)
      guard array.elements.count == array.count else { return open.append(array) }
      reply = .array(array.elements)
    }
    finished = reply
  }

  fileprivate func begin(_ count: Int) -> Bool {
    guard count <= maximumElements else { return false }
    if count > 0 {
      var elements: [RedisReply] = []
      // What a server says it will send is believed only so far.
      elements.reserveCapacity(min(count, 1024))
      open.append(OpenArray(elements: elements, count: count))
    } else {
      add(.array([]))
    }
    return true
  }

  fileprivate static func bytes(_ text: UnsafeMutablePointer<CChar>?, _ count: Int) -> [UInt8] {
    Array(UnsafeRawBufferPointer(start: text, count: text == nil ? 0 : count))
  }
}

extension redisReplyObjectFunctions {
  /// Functions for a reader whose private data is an unretained `ReplyBuilder`.
  ///
  /// What they return stands for "done": hiredis only compares it with null and hands it to `freeObject`, which
  /// is absent because the builder owns everything.
  static func building() -> redisReplyObjectFunctions {
    var functions = redisReplyObjectFunctions()
    functions.createString = { task, text, count in
      guard let builder = builder(of: task), let kind = task?.pointee.type else { return nil }
      let bytes = ReplyBuilder.bytes(text, count)
      switch kind {
      case REDIS_REPLY_ERROR: builder.add(.error(RedisServerError(line: bytes)))
      case REDIS_REPLY_STATUS: builder.add(.status(bytes))
      default: builder.add(.bytes(bytes))
      }
      return task?.pointee.privdata
    }
    functions.createArray = { task, count in
      guard let builder = builder(of: task), builder.begin(Int(count)) else { return nil }
      return task?.pointee.privdata
    }
    functions.createInteger = { task, value in
      builder(of: task)?.add(.integer(value))
      return task?.pointee.privdata
    }
    functions.createNil = { task in
      builder(of: task)?.add(.null)
      return task?.pointee.privdata
    }
    return functions
  }
}

private func builder(of task: UnsafePointer<redisReadTask>?) -> ReplyBuilder? {
  guard let data = task?.pointee.privdata else { return nil }
  return Unmanaged<ReplyBuilder>.fromOpaque(data).takeUnretainedValue()
}

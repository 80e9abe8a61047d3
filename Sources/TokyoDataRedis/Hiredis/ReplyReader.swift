internal import CHiredis

/// Reads replies out of bytes that come in pieces of any size, by hiredis's reader.
///
/// The reader refuses what is no reply and arrays nested more than seven deep. It believes lengths, for which it
/// only ever waits; how much it may gather meanwhile is limited here.
struct ReplyReader: ~Copyable {
  private let reader: UnsafeMutablePointer<redisReader>
  private let functions: UnsafeMutablePointer<redisReplyObjectFunctions>
  private let builder: ReplyBuilder
  private let maximumBytes: Int
  /// Bytes that came since the last complete reply.
  private var unfinished = 0

  /// - Parameters:
  ///   - maximumBytes: The longest reply.
  ///   - maximumElements: The longest array in one.
  /// - Throws: `unavailable` where there is no memory.
  init(maximumBytes: Int, maximumElements: Int = 1 << 20) throws(TokyoDataError) {
    let functions = UnsafeMutablePointer<redisReplyObjectFunctions>.allocate(capacity: 1)
    functions.initialize(to: .building())
    guard let reader = redisReaderCreateWithFunctions(functions) else {
      functions.deallocate()
      throw TokyoDataError(.unavailable, "no memory for a connection")
    }
    builder = ReplyBuilder(maximumElements: maximumElements)
    // The builder lives as long as the reader does: both are this value's.
    reader.pointee.privdata = Unmanaged.passUnretained(builder).toOpaque()
    self.reader = reader
    self.functions = functions
    self.maximumBytes = maximumBytes
  }

  deinit {
    redisReaderFree(reader)
    functions.deallocate()
  }

  /// Takes in bytes.
  mutating func feed(_ bytes: UnsafeRawBufferPointer) throws(RedisConnectionError) {
    unfinished += bytes.count
    let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
    guard redisReaderFeed(reader, start, bytes.count) == REDIS_OK else {
      throw RedisConnectionError(.protocolViolation)
    }
  }

  /// The next reply that is complete; nil where more bytes are needed.
  mutating func next() throws(RedisConnectionError) -> RedisReply? {
    var object: UnsafeMutableRawPointer?
    guard redisReaderGetReply(reader, &object) == REDIS_OK else {
      throw RedisConnectionError(.protocolViolation)
    }
    guard let reply = builder.take() else {
      guard unfinished <= maximumBytes else { throw RedisConnectionError(.protocolViolation) }
      return nil
    }
    unfinished = reader.pointee.len - reader.pointee.pos
    return reply
  }
}

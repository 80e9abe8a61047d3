/// A script that a server runs in one step.
///
/// It is called by its digest, which spares sending it each time; a server that does not know it is sent it once.
struct CacheScript: Sendable {
  let source: String
  /// The SHA-1 of the source, which is how a server knows it; a test compares it with the server's own.
  let digest: String
  let form: ReplyForm

  /// A value with what is left of its life in milliseconds: −1 for no end.
  static let entry = CacheScript(
    source: "return {redis.call('GET', KEYS[1]), redis.call('PTTL', KEYS[1])}",
    digest: "7c4acab28f3f7d97f3fd4354e4273792c8b95b9b", form: .array(2))

  /// Replaces a value where it is the expected one: 1 where it was, else 0.
  ///
  /// Arguments: what is expected, none or as a value; the value; none or a value to replace it; that value; how
  /// long it lives in milliseconds, or nothing.
  static let exchange = CacheScript(
    source: """
      local found = redis.call('GET', KEYS[1])
      if ARGV[1] == 'none' then
        if found then return 0 end
      elseif found ~= ARGV[2] then
        return 0
      end
      if ARGV[3] == 'none' then
        redis.call('UNLINK', KEYS[1])
      elseif ARGV[5] == '' then
        redis.call('SET', KEYS[1], ARGV[4])
      else
        redis.call('SET', KEYS[1], ARGV[4], 'PX', ARGV[5])
      end
      return 1
      """,
    digest: "2e8209b11fab049838c500b2396cf28acc0a8d1a", form: .integer)

  /// Adds to a counter and tells the sum, as text: a number of Lua has only 53 bits.
  ///
  /// Arguments: the amount; how long a counter lives that begins now, in milliseconds, or nothing.
  static let add = CacheScript(
    source: """
      local begins = redis.call('EXISTS', KEYS[1]) == 0
      redis.call('INCRBY', KEYS[1], ARGV[1])
      local sum = redis.call('GET', KEYS[1])
      if begins and ARGV[2] ~= '' then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
      return sum
      """,
    digest: "fb1231a4db62f7e33165f0230bd431b3402fd3e5", form: .bytes)

  static let all = [entry, exchange, add]

  func byDigest(_ key: [UInt8], _ arguments: [[UInt8]] = []) -> RedisCommand {
    RedisCommand("EVALSHA", [Array(digest.utf8), [UInt8(ascii: "1")], key] + arguments, key: key, form: form)
  }

  func whole(_ key: [UInt8], _ arguments: [[UInt8]] = []) -> RedisCommand {
    RedisCommand("EVAL", [Array(source.utf8), [UInt8(ascii: "1")], key] + arguments, key: key, form: form)
  }
}

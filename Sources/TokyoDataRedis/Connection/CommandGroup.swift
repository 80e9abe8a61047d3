/// The commands of one call on one connection: sent without others between, and answered together.
final class CommandGroup: Sendable {
  typealias Answer = [RedisReply]

  let number: UInt64
  let commands: [RedisCommand]
  let deadline: ContinuousClock.Instant
  let continuation: UnsafeContinuation<Answer, any Error>
  let byteCount: Int

  init(
    number: UInt64, commands: [RedisCommand], deadline: ContinuousClock.Instant,
    continuation: UnsafeContinuation<Answer, any Error>
  ) {
    self.number = number
    self.commands = commands
    self.deadline = deadline
    self.continuation = continuation
    byteCount = CommandInbox.size(of: commands)
  }
}

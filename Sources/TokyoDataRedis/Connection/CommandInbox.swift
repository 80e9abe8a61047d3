/// What callers gave a connection since it last looked, and how much it holds in all.
struct CommandInbox {
  private(set) var groups: [CommandGroup] = []
  private(set) var cancellations: [UInt64] = []
  /// Why the connection takes nothing more.
  private(set) var ending: RedisConnectionError?
  /// Commands and bytes that are not answered yet, taken in or not.
  private(set) var pendingCommands = 0
  private(set) var pendingBytes = 0
  private var lastNumber: UInt64 = 0

  /// Nobody gave it anything since it last looked.
  var isEmpty: Bool { groups.isEmpty && cancellations.isEmpty }

  mutating func makeNumber() -> UInt64 {
    lastNumber += 1
    return lastNumber
  }

  /// Takes a group, or tells why not.
  mutating func add(_ group: CommandGroup, _ configuration: RedisConfiguration) -> TokyoDataError? {
    if let ending { return TokyoDataError(ending) }
    guard pendingCommands + group.commands.count <= configuration.maximumPendingCommands,
      pendingBytes + group.byteCount <= configuration.maximumPendingBytes
    else { return TokyoDataError(.busy, "too many commands wait for the server") }
    pendingCommands += group.commands.count
    pendingBytes += group.byteCount
    groups.append(group)
    return nil
  }

  mutating func cancel(_ number: UInt64) {
    cancellations.append(number)
  }

  mutating func take() -> (groups: [CommandGroup], cancellations: [UInt64]) {
    // A connection is asked far more often than it is given something.
    guard !isEmpty else { return ([], []) }
    defer { (groups, cancellations) = ([], []) }
    return (groups, cancellations)
  }

  /// Notes that a group is answered.
  mutating func settle(_ group: CommandGroup) {
    pendingCommands -= group.commands.count
    pendingBytes -= group.byteCount
  }

  /// Refuses everything from now on; what was taken in before is still to be failed.
  mutating func end(because error: RedisConnectionError) {
    ending = ending ?? error
  }

  static func size(of commands: [RedisCommand]) -> Int { commands.reduce(0) { $0 + $1.wire.count } }
}

/// The groups that were sent and whose replies are due, in the order in which those come.
///
/// A group that nobody waits for any more keeps its place: its replies still come, and must not pass for those
/// of the next one.
struct ReplyQueue {
  private struct Entry {
    var group: CommandGroup
    var replies: [RedisReply] = []
    /// Its caller was told something else already.
    var isAbandoned = false
    /// How much the server had said when the group was sent.
    var heardBefore: UInt64
  }

  private var entries: ArraySlice<Entry> = []
  /// No deadline of a group is earlier than this.
  private(set) var nearestDeadline: ContinuousClock.Instant?

  var isEmpty: Bool { entries.isEmpty }
  var count: Int { entries.count }

  mutating func add(_ group: CommandGroup, heard: UInt64) {
    entries.append(Entry(group: group, heardBefore: heard))
    nearestDeadline = min(nearestDeadline ?? group.deadline, group.deadline)
  }

  /// A group with its last reply; nobody waits for one that is abandoned.
  typealias Finished = (group: CommandGroup, replies: [RedisReply], isAbandoned: Bool)

  /// Puts a reply where it belongs.
  ///
  /// - Returns: the group that it completes, if it completes one.
  /// - Throws: `protocolViolation` for a reply that nobody asked for, or that is of another form.
  mutating func add(_ reply: RedisReply) throws(RedisConnectionError) -> Finished? {
    guard let index = entries.indices.first,
      entries[index].group.commands[entries[index].replies.count].form.fits(reply)
    else { throw RedisConnectionError(.protocolViolation) }
    entries[index].replies.append(reply)
    let entry = entries[index]
    guard entry.replies.count == entry.group.commands.count else { return nil }
    entries.removeFirst()
    if entries.isEmpty { (entries, nearestDeadline) = ([], nil) }
    return (entry.group, entry.replies, entry.isAbandoned)
  }

  /// Stops waiting for a group; nil where nobody waits for it any more.
  mutating func abandon(_ number: UInt64) -> CommandGroup? {
    guard let index = entries.firstIndex(where: { $0.group.number == number }), !entries[index].isAbandoned
    else { return nil }
    entries[index].isAbandoned = true
    return entries[index].group
  }

  /// Stops waiting for the groups whose time is over.
  ///
  /// - Returns: them, and whether the server has said nothing since one of them was sent.
  mutating func abandonLate(
    at now: ContinuousClock.Instant, heard: UInt64
  ) -> (groups: [CommandGroup], isSilent: Bool) {
    guard let nearest = nearestDeadline, nearest <= now else { return ([], false) }
    var late: [CommandGroup] = []
    var isSilent = false
    nearestDeadline = nil
    for index in entries.indices where !entries[index].isAbandoned {
      let deadline = entries[index].group.deadline
      if deadline <= now {
        entries[index].isAbandoned = true
        late.append(entries[index].group)
        isSilent = isSilent || entries[index].heardBefore == heard
      } else {
        nearestDeadline = min(nearestDeadline ?? deadline, deadline)
      }
    }
    return (late, isSilent)
  }

  /// Everything that somebody still waits for, as it leaves.
  mutating func takeAll() -> [CommandGroup] {
    defer { (entries, nearestDeadline) = ([], nil) }
    return entries.filter { !$0.isAbandoned }.map(\.group)
  }
}

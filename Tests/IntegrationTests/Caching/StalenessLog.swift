import TokyoData

/// What one process wrote and read, and when, by the clock that all processes of a machine share.
struct StalenessLog: Codable, Sendable {
  struct Write: Codable, Sendable {
    var number: Int64
    var ids: [Int64]
    /// When its transaction was known to be committed; nil where it failed.
    var acknowledged: ContinuousClock.Instant?
  }

  struct Read: Codable, Sendable {
    var begun: ContinuousClock.Instant
    /// The rows that it asked for.
    var ids: [Int64]
    /// Each row that it saw, with its number.
    var seen: [Int64: Int64]
    /// Some of it came from the cache.
    var isCached: Bool
  }

  var writes: [Write] = []
  var reads: [Read] = []
  var problems: [String] = []
  /// Runs of the ETL that did something.
  var runs = 0

  static func += (left: inout Self, right: Self) {
    left.writes += right.writes
    left.reads += right.reads
    left.problems += right.problems
    left.runs += right.runs
  }

  /// What cannot be, in the logs of all processes together.
  ///
  /// A row has one writer, whose numbers grow. A read must show of each row a number that is not older than the
  /// last one acknowledged when it began, and of each transaction all or nothing.
  func findProblems() -> [String] {
    var acknowledged: [Int64: [Write]] = [:]
    var idsOfNumber: [Int64: [Int64]] = [:]
    for write in writes {
      idsOfNumber[write.number] = write.ids
      guard write.acknowledged != nil else { continue }
      for id in write.ids { acknowledged[id, default: []].append(write) }
    }
    for id in acknowledged.keys { acknowledged[id]?.sort { $0.number < $1.number } }
    var found = problems
    for read in reads {
      let asked = Set(read.ids)
      for id in read.ids {
        let least = acknowledged[id]?.last { $0.acknowledged.map { $0 < read.begun } ?? false }?.number
        guard let seen = read.seen[id] else {
          if let least { found.append("row \(id) is missing, acknowledged with \(least)") }
          continue
        }
        if let least, seen < least { found.append("row \(id) shows \(seen), acknowledged with \(least)") }
        guard let together = idsOfNumber[seen] else {
          found.append("row \(id) shows \(seen), which nobody wrote")
          continue
        }
        for other in together where asked.contains(other) && read.seen[other] ?? 0 < seen {
          found.append("rows \(id) and \(other) of transaction \(seen) are seen in part")
        }
      }
    }
    return found
  }
}

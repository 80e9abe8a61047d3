internal import BenchSupport
internal import TokyoDataParquet

/// What a process keeps between commands: the rows to write, and the rows that were read last.
///
/// A command is a line of words with tabs between, and so is its answer; one that cannot be carried out is
/// answered by `error` and why.
///
///     load PATH                        → rows, batches
///     write PATH THREADS               → seconds, bytes, row groups
///     read PATH THREADS [COLUMN …]     → seconds, rows
///     dump FOLDER                      → columns; writes what was read last, see Dump
///     memory PATH ROWS [THREADS]       → peak bytes, row groups, bytes; only true in a new process
struct Session {
  private var loaded: [ColumnBatch] = []
  private var lastRead: [ColumnBatch] = []

  /// Answers line by line until standard input ends.
  mutating func serve() async {
    Output.say("ready")
    while let line = readLine() {
      do { Output.say(try await answer(line.split(separator: "\t").map(String.init))) } catch {
        Output.say("error\t\(error)")
      }
    }
  }

  mutating func answer(_ words: [String]) async throws -> String {
    let rest = Array(words.dropFirst())
    switch (words.first, rest.count) {
    case ("load", 1):
      loaded = []
      loaded = try await ReadCase(path: rest[0], threads: 1, columns: nil).run()
      return answer(loaded.reduce(0) { $0 + $1.rowCount }, loaded.count)
    case ("write", 2):
      let (time, summary) = try await WriteCase(path: rest[0], threads: threads(rest[1])).time(loaded)
      return answer(time.seconds, summary.byteCount, summary.rowGroupCount)
    case ("read", 2...):
      lastRead = []
      let reading = ReadCase(
        path: rest[0], threads: try threads(rest[1]), columns: rest.count > 2 ? Array(rest[2...]) : nil)
      let clock = ContinuousClock()
      let start = clock.now
      lastRead = try await reading.run()
      let time = clock.now - start
      return answer(time.seconds, lastRead.reduce(0) { $0 + $1.rowCount })
    case ("dump", 1):
      try Dump(folder: rest[0]).write(lastRead)
      return answer(lastRead.first?.columns.count ?? 0)
    case ("memory", 2...):
      guard let rows = Int(rest[1]) else { throw BenchError("\(rest[1]) is no number of rows") }
      let writing = WriteCase(path: rest[0], threads: try threads(rest.count > 2 ? rest[2] : "1"))
      let summary = try await writing.stream(rows: rows)
      return answer(try PeakMemory.bytes(), summary.rowGroupCount, summary.byteCount)
    default:
      throw BenchError("no such command: \(words.joined(separator: " "))")
    }
  }

  private func answer(_ words: any CustomStringConvertible...) -> String {
    words.map(\.description).joined(separator: "\t")
  }

  private func threads(_ word: String) throws -> Int {
    guard let threads = Int(word), threads > 0 else { throw BenchError("\(word) is no number of threads") }
    return threads
  }
}

internal import BenchSupport
internal import TokyoData
internal import TokyoDataPostgres

/// Our side of the group `redis`; each command is a case, and prints its figures on one line.
///
///     redis-bench get SOCKET BYTES TASKS SECONDS            see Values
///     redis-bench set SOCKET BYTES TASKS SECONDS
///     redis-bench memory SECONDS                            see MemoryGets
///     redis-bench cold-days URL FOLDER ROWS                 see ColdDays; ROWS are a day's
///     redis-bench routed URL SOCKET FOLDER TASKS SECONDS    see RoutedQuery
///
/// They print calls a second, and the 50th and 99th percentile of their latencies in microseconds; `memory` only
/// the first, and `cold-days` how many days are cold.
@main
enum Main {
  static func main() async {
    do { Output.say(try await answer(Array(CommandLine.arguments.dropFirst()))) } catch {
      Output.complain("redis-bench: \(String(reflecting: error))")
    }
  }

  private static func answer(_ words: [String]) async throws -> String {
    switch (words.first, words.count) {
    case ("get", 5):
      let values = Values(byteCount: try number(words[2]), load: try Load(tasks: words[3], seconds: words[4]))
      return try await values.get(from: words[1]).summary
    case ("set", 5):
      let values = Values(byteCount: try number(words[2]), load: try Load(tasks: words[3], seconds: words[4]))
      return try await values.set(on: words[1]).summary
    case ("memory", 2):
      return "\(try await MemoryGets(load: Load(tasks: "1", seconds: words[1])).run())"
    case ("cold-days", 4):
      let hot = PostgresHotStore(words[1])
      try await ColdDays(rowsPerDay: number(words[3])).make(on: hot, Lake.local(folder: words[2]))
      await hot.close()
      return "\(ColdDays.count)"
    case ("routed", 6):
      let query = RoutedQuery(load: try Load(tasks: words[4], seconds: words[5]))
      return try await query.run(hot: words[1], cache: words[2], lake: words[3]).summary
    default: throw BenchError("usage: redis-bench get | set | memory | cold-days | routed …")
    }
  }

  private static func number(_ word: String) throws -> Int {
    guard let number = Int(word), (1...1_000_000).contains(number) else {
      throw BenchError("\(word) is no number that makes sense")
    }
    return number
  }
}

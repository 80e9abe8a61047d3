internal import BenchSupport
internal import TokyoDataPostgres

/// Our side of the group `postgres`; each command is a case, and prints its figures on one line.
///
///     postgres-bench select URL SCALE TASKS SECONDS MODE [checked]   see SelectOnly; MODE is shared or leased
///     postgres-bench tpcb URL SCALE TASKS SECONDS                    see TPCB
///     postgres-bench install URL TABLE TIME                          makes a table a dataset
///     postgres-bench copy-out URL [checked]                          see CopyOut
///     postgres-bench insert-many URL ROWS DAY                        see InsertMany; DAY is the rows'
///
/// The first two print calls a second, and the 50th and 99th percentile of their latencies in microseconds;
/// `tpcb` then the number of transactions. The last two print seconds and rows, and what their files say.
@main
enum Main {
  static func main() async {
    do { Output.say(try await answer(Array(CommandLine.arguments.dropFirst()))) } catch {
      Output.complain("postgres-bench: \(String(reflecting: error))")
    }
  }

  private static func answer(_ words: [String]) async throws -> String {
    switch (words.first, words.count) {
    case ("select", 6...7):
      guard let mode = SelectOnly.Mode(rawValue: words[5]) else { throw BenchError("no mode \(words[5])") }
      let select = SelectOnly(
        accounts: try number(words[2]) * 100_000, load: try Load(tasks: words[3], seconds: words[4]),
        isChecked: words.last == "checked")
      return try await select.run(on: words[1], mode).summary
    case ("tpcb", 5):
      let times = try await TPCB(
        scale: number(words[2]), load: Load(tasks: words[3], seconds: words[4])
      ).run(on: words[1])
      return "\(times.summary) \(times.latencies.count)"
    case ("install", 4):
      let store = PostgresHotStore(words[1])
      let dataset = try await store.install(DatasetProposal(table: words[2], timeColumn: words[3]))
      await store.close()
      return "\(dataset.name)"
    case ("copy-out", 2): return try await CopyOut.time(on: words[1])
    case ("copy-out", 3): return try await CopyOut.check(on: words[1])
    case ("insert-many", 4):
      guard let day = Day(words[3]) else { throw BenchError("\(words[3]) is no day") }
      return try await InsertMany(rows: number(words[2]), on: day).run(on: words[1])
    default:
      throw BenchError("usage: postgres-bench select | tpcb | install | copy-out | insert-many URL …")
    }
  }

  private static func number(_ word: String) throws -> Int {
    guard let number = Int(word), (1...1_000_000).contains(number) else {
      throw BenchError("\(word) is no number that makes sense")
    }
    return number
  }
}

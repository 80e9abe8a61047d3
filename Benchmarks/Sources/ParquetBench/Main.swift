internal import BenchSupport

/// Our side of the group `parquet`: loads, writes and reads as it is told, and says how long it took.
///
///     parquet-bench serve                                  takes commands from standard input, see Session
///     parquet-bench write SOURCE OUT [THREADS [TIMES]]     times writing the rows of SOURCE to OUT
///     parquet-bench read FILE [THREADS [TIMES [COLUMNS]]]  times reading FILE
///     parquet-bench memory OUT ROWS [THREADS]              writes ROWS made-up rows and prints the peak memory
@main
enum Main {
  static func main() async {
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      switch arguments.first {
      case "serve":
        var session = Session()
        await session.serve()
      case "write" where arguments.count >= 3:
        try await write(arguments)
      case "read" where arguments.count >= 2:
        try await read(arguments)
      case "memory" where arguments.count >= 3:
        var session = Session()
        Output.say(try await session.answer(arguments))
      default:
        throw BenchError("usage: parquet-bench serve | write … | read … | memory …")
      }
    } catch {
      Output.complain("parquet-bench: \(error)")
    }
  }

  private static func write(_ arguments: [String]) async throws {
    var session = Session()
    let threads = arguments.count > 3 ? arguments[3] : "1"
    Output.say("loaded: rows batches = \(try await session.answer(["load", arguments[1]]))")
    for _ in 0..<(arguments.count > 4 ? Int(arguments[4]) ?? 1 : 1) {
      Output.say(
        "seconds bytes rowGroups = \(try await session.answer(["write", arguments[2], threads]))")
    }
  }

  private static func read(_ arguments: [String]) async throws {
    var session = Session()
    let threads = arguments.count > 2 ? arguments[2] : "1"
    let columns = arguments.dropFirst(4)
    for _ in 0..<(arguments.count > 3 ? Int(arguments[3]) ?? 1 : 1) {
      Output.say("seconds rows = \(try await session.answer(["read", arguments[1], threads] + columns))")
    }
  }
}

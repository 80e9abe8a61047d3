internal import ArgumentParser
internal import Foundation

/// Reads the command line, runs the command, and ends with 0, 1 or 64.
@main
enum Main {
  static func main() async {
    do {
      var command = try Tokyo.parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      end(after: error)
    }
  }

  /// Whoever asked for JSON gets it for a wrong command line too.
  private static func end(after error: any Error) -> Never {
    let code = Tokyo.exitCode(for: error)
    if code != .success, !(error is ExitCode), CommandLine.arguments.contains("--json") {
      Console.print(Failure(usage: Tokyo.message(for: error)).json)
    }
    Tokyo.exit(withError: error)
  }
}

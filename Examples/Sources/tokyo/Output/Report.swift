internal import ArgumentParser
internal import TokyoData

/// What a command found, for programs and for people.
struct Report {
  var json: JSON
  var text: String
  /// Why the command fails although it has something to tell, such as a difference it found.
  var problem: TokyoDataError?
}

/// A command that ends with one report, or with one error.
protocol ReportingCommand: AsyncParsableCommand {
  var output: OutputOptions { get }

  func report() async throws -> Report
}

extension ReportingCommand {
  mutating func run() async throws {
    let report: Report
    do { report = try await self.report() } catch {
      throw Self.tell((error as? FailureError)?.failure ?? Failure(error), asJSON: output.json)
    }
    let failure = report.problem.map { Failure($0) }
    if output.json {
      Console.print(failure.map { report.json.adding($0.json) } ?? report.json)
    } else {
      Console.print(report.text)
    }
    if let failure {
      Console.note(failure.text)
      throw ExitCode.failure
    }
  }

  static func tell(_ failure: Failure, asJSON: Bool) -> ExitCode {
    if asJSON { Console.print(failure.json) }
    Console.note(failure.text)
    return .failure
  }
}

internal import ArgumentParser
internal import TokyoData

/// A range of days, both ends included.
struct DayRangeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The first day.", valueName: "day"))
  var from: Day?
  @Option(help: ArgumentHelp("The last day, included.", valueName: "day"))
  var through: Day?

  mutating func validate() throws {
    guard (from == nil) == (through == nil) else { throw ValidationError("Give both --from and --through.") }
    if let from, let through, through < from { throw ValidationError("--through lies before --from.") }
  }

  var range: ClosedRange<Day>? {
    guard let from, let through, from <= through else { return nil }
    return from...through
  }
}

internal import ArgumentParser

/// How a command tells its result.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print exactly one JSON document on standard output.")
  var json = false
}

internal import BenchSupport
internal import TokyoDataAWS

/// Our side of the group `aws`.
///
///     aws-bench up BUCKET PREFIX FOLDER     all files of the folder become objects
///     aws-bench down BUCKET PREFIX FOLDER   all objects of the prefix become files
///
/// Prints the seconds it took, and the seconds of processor time, both without the start of the process.
@main
enum Main {
  static func main() async {
    do { Output.say(try await answer(Array(CommandLine.arguments.dropFirst()))) } catch {
      Output.complain("aws-bench: \(String(reflecting: error))")
    }
  }

  private static func answer(_ words: [String]) async throws -> String {
    guard words.count == 4, let way = Transfer.Way(rawValue: words[0]) else {
      throw BenchError("usage: aws-bench up|down BUCKET PREFIX FOLDER")
    }
    let store = try S3ObjectStore(bucket: words[1], session: try AWSSession())
    let transfer = Transfer(store: store, prefix: words[2], folder: words[3])
    let (clock, processor) = (ContinuousClock(), try ProcessorTime.now())
    let start = clock.now
    try await transfer.run(way)
    let seconds = (clock.now - start).seconds
    return "\(seconds) \(try ProcessorTime.now() - processor)"
  }
}

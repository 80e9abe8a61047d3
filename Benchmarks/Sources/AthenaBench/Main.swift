internal import BenchSupport
internal import TokyoDataAWS

/// Our side of the group `athena`, and of the test of TPC-H's published answers.
///
///     athena-bench load PARQUET undated|dated BUCKET DATABASE RECORDS   writes lineitem into a new lake
///     athena-bench tpch q1|q6 lake|athena BUCKET DATABASE RECORDS       prints the answer
///     athena-bench all BUCKET DATABASE RECORDS                         reads every row
///     athena-bench many COUNT BUCKET DATABASE RECORDS                  small queries, all at once
///
/// RECORDS is a file that `load` writes: what the ledger would say. The last two print seconds without the start
/// of the process, rows, sums of columns, and the most bytes it had in memory.
@main
enum Main {
  static func main() async {
    do { Output.say(try await answer(Array(CommandLine.arguments.dropFirst()))) } catch {
      Output.complain("athena-bench: \(String(reflecting: error))")
    }
  }

  private static func answer(_ words: [String]) async throws -> String {
    guard words.count >= 4 else { throw BenchError("see Main.swift for what it can do") }
    let session = try AWSSession()
    let (bucket, database, records) = (words[words.count - 3], words[words.count - 2], words[words.count - 1])
    let layout = try LakeLayout()
    let lake = Lake(
      try S3ObjectStore(bucket: bucket, session: session),
      try GlueCatalog(database: database, bucket: bucket, layout: layout, session: session), layout: layout)
    if words[0] == "load", words.count == 6, let days = Lineitem.Days(rawValue: words[2]) {
      let lineitem = try await Lineitem.load(words[1], days: days, into: lake)
      try lineitem.write(to: records)
      return "\(lineitem.versions.count)"
    }
    let lineitem = try Lineitem(from: records)
    var options = AthenaOptions()
    options.smallRead = .none
    options.outputLocation = "s3://\(bucket)/results/"
    let athena = AthenaColdStore(
      lake, database: database, workgroup: "primary", session: session, options: options)
    switch (words[0], words.count) {
    case ("tpch", 6):
      guard let query = TPCH(rawValue: words[1]) else { throw BenchError("no such query: \(words[1])") }
      if words[2] == "lake" { return try await query.answer(LakeColdStore(lake), lineitem) }
      return try await query.answer(athena, lineitem)
    case ("all", 4):
      let (seconds, sums) = try await timed {
        try await Fetching(athena: athena, lineitem: lineitem).everything()
      }
      return "\(seconds) \(sums.rows) \(sums.quantity) \(sums.key) \(try PeakMemory.bytes())"
    case ("many", 5):
      guard let count = Int(words[1]), count > 0 else {
        throw BenchError("\(words[1]) is no number of queries")
      }
      let (seconds, sums) = try await timed {
        try await Fetching(athena: athena, lineitem: lineitem).many(count)
      }
      return "\(seconds) \(sums.rows) \(sums.quantity) \(try PeakMemory.bytes())"
    default: throw BenchError("no such command: \(words.joined(separator: " "))")
    }
  }

  private static func timed<Answer>(_ work: () async throws -> Answer) async throws -> (Double, Answer) {
    let start = ContinuousClock.now
    let answer = try await work()
    return ((ContinuousClock.now - start).seconds, answer)
  }
}

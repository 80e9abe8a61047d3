import Foundation
import Testing
import TokyoDataCore
import TokyoDataTesting

@testable import TokyoDataAWS

/// Texts of thousands of queries; `Tests/InteropTests/test_athena_sql.py` has another parser read them.
@Suite("Texts of SQL for Athena")
struct AthenaSQLTextTests {
  /// The file into which they go, a JSON text a line; nil for nobody who wants them.
  static let path = ProcessInfo.processInfo.environment["TOKYO_TEST_ATHENA_SQL"]

  @Test("thousands of random queries have one, the same for the same seed, with every quote closed")
  func texts() throws {
    var lines: [String] = []
    for seed in 1...6 as ClosedRange<UInt64> {
      let texts = try Self.texts(seed)
      #expect(try seed > 1 || texts == Self.texts(seed))
      #expect(texts.count > 600, "seed \(seed)")
      for text in texts {
        var scanner = SQLScanner()
        try scanner.read(text)
        try scanner.finish()
        #expect(!scanner.isInLineComment, "\(text)")
        lines.append(String(decoding: try JSONEncoder().encode(text), as: UTF8.self) + "\n")
      }
    }
    if let path = Self.path {
      try lines.joined().write(toFile: path, atomically: true, encoding: .utf8)
    }
  }

  private static func texts(_ seed: UInt64) throws -> [String] {
    let types = [ColumnType.timestamp, .date, .localTimestamp]
    let scenario = try RandomScenario(
      seed: seed, timeType: types[Int(seed % 3)], lacking: [.time, .timestamp, .localTimestamp])
    let table = AthenaTable.versions(of: scenario.dataset, in: "lake")
    var numbers = SeededRandom(seed: seed)
    let versions = try scenario.days.enumerated().map { number, day in
      let record = VersionRecord(
        id: VersionID(at: day.day.start, using: &numbers), day: day.day, location: "l",
        schemaFingerprint: "f", snapshot: "s", exportedAt: day.day.next.start)
      return PinnedVersion(
        record, excludedKeys: number % 3 == 1 ? try day.rows.selecting(["id"]).gathering([0, 3]) : nil)
    }
    var queries = RandomQueries(scenario)
    var texts: [String] = []
    for _ in 0..<900 {
      guard let query = try? ResolvedQuery(queries.next(), for: scenario.dataset) else { continue }
      texts += try AthenaQuerySQL(query: query, table: table).statements(from: versions).map(\.sql)
    }
    return texts
  }
}

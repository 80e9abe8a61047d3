import Testing
import TokyoDataCore
import TokyoDataLake
import TokyoDataTesting

@testable import TokyoDataAWS

@Suite("Queries for Athena, in the laboratory")
struct SQLLaboratoryTests {
  @Test(
    "random queries get the answers of the evaluator",
    arguments: zip([1, 2, 3] as [UInt64], [ColumnType.timestamp, .date, .localTimestamp]))
  func randomQueries(seed: UInt64, timeType: ColumnType) async throws {
    let scenario = try RandomScenario(
      seed: seed, timeType: timeType, lacking: [.time, .timestamp, .localTimestamp])
    let bench = try await SQLBench()
    let memory = InMemoryColdStore()
    var versions: [PinnedVersion] = []
    for (number, (day, rows)) in scenario.days.enumerated() {
      let record = try await bench.write(rows, as: day, of: scenario.dataset)
      memory.add(record, rows: [rows])
      // Another version of the day, which no query may see.
      _ = try await bench.write(rows, as: day, of: scenario.dataset)
      // Of some days keys are excluded.
      let keys = number % 3 == 1 ? try rows.selecting(["id"]).gathering([0, 3, 5]) : nil
      versions.append(PinnedVersion(record, excludedKeys: keys))
    }
    var queries = RandomQueries(scenario)
    var answered = 0
    for number in 0..<120 {
      let query = queries.next()
      let pinned = number % 5 == 0 ? [] : versions
      guard let resolved = try? ResolvedQuery(query, for: scenario.dataset) else { continue }
      let expected = await QueryOutcome {
        var merger = ResultMerger(resolved)
        _ = try await memory.read(resolved, from: pinned) { try merger.add($0) }
        return try merger.finish()
      }
      let found = await QueryOutcome { try await bench.answer(resolved, from: pinned) }
      #expect(
        found.agrees(with: expected, on: query),
        """
        seed \(seed), query \(number): \(query)
        \((try? AthenaQuerySQL(query: resolved, table: bench.table(of: scenario.dataset))
          .statements(from: pinned).map(\.sql).joined(separator: "\n")) ?? "")
        \(found)
        instead of \(expected)
        """)
      if expected.batch != nil { answered += 1 }
    }
    #expect(answered > 80)
  }
}

/// The contract of `ColdStore`, sentence by sentence.
public enum ColdStoreConformance: ConformanceSuite {
  /// A cold store and a way to write versions into it.
  public typealias Fixture = any ColdStoreFixture

  /// The cases, in the order of the sentences.
  public static let cases = versions + rows + statistics
}

extension ColdStoreConformance {
  static let versions: [ConformanceCase<Fixture>] = [
    ConformanceCase("A read gives each row of its versions once.") {
      let cold = try ColdScenario($0)
      let first = try await cold.write(
        1, ConformanceRow(1, cold.day(1).at()), ConformanceRow(2, cold.day(1).at()))
      let second = try await cold.write(2, ConformanceRow(3, cold.day(2).at()))
      try expectEqual(try await cold.ids(from: [first, second]), [1, 2, 3], "rows of two versions")
    },
    ConformanceCase("A read gives nothing of versions that it does not name.") {
      let cold = try ColdScenario($0)
      let old = try await cold.write(1, ConformanceRow(1, cold.day(1).at()))
      let new = try await cold.write(
        1, ConformanceRow(1, cold.day(1).at()), ConformanceRow(2, cold.day(1).at()))
      _ = try await cold.write(2, ConformanceRow(3, cold.day(2).at()))
      try expectEqual(try await cold.ids(from: [new]), [1, 2], "rows of the newer version")
      try expectEqual(try await cold.ids(from: [old]), [1], "rows of the older version")
    },
    ConformanceCase("A read of no versions gives nothing.") {
      let cold = try ColdScenario($0)
      _ = try await cold.write(1, ConformanceRow(1, cold.day(1).at()))
      try expectEqual(try await cold.ids(from: []), [], "rows")
      let count = try await cold.answer(cold.query().select(.count), from: [])
      try expectEqual(try count.values("count"), [0], "count")
    },
  ]

  static let rows: [ConformanceCase<Fixture>] = [
    ConformanceCase("The query's time range holds to the microsecond.") {
      let cold = try ColdScenario($0)
      let noon = cold.day(1).at()
      let version = try await cold.write(
        1, ConformanceRow(1, noon.adding(microseconds: 1)), ConformanceRow(2, noon.adding(microseconds: 2)),
        ConformanceRow(3, noon.adding(microseconds: 1_003)),
        ConformanceRow(4, noon.adding(microseconds: 1_004)))
      let range = noon.adding(microseconds: 2)..<noon.adding(microseconds: 1_004)
      let query = cold.query().time(in: range).select("id").order(by: "id")
      try expectEqual(try await cold.answer(query, from: [.init(version)]).values("id"), [2, 3], "rows")
    },
    ConformanceCase("A filter keeps only rows for which it is true.") {
      let cold = try ColdScenario($0)
      let version = try await cold.write(
        1, ConformanceRow(1, cold.day(1).at(), tag: "a"), ConformanceRow(2, cold.day(1).at(), tag: "b"),
        ConformanceRow(3, cold.day(1).at(), tag: nil))
      try await expectFilter { query in
        try await cold.answer(query(cold.dataset.name), from: [.init(version)]).values("id")
      }
    },
    ConformanceCase("Rows whose keys are excluded are left out of their day only.") {
      let cold = try ColdScenario($0)
      let first = try await cold.write(
        1, ConformanceRow(1, cold.day(1).at()), ConformanceRow(2, cold.day(1).at()))
      let second = try await cold.write(
        2, ConformanceRow(1, cold.day(2).at()), ConformanceRow(3, cold.day(2).at()))
      let excluded = try ConformanceRow.batch([ConformanceRow(1, cold.day(1).at())]).selecting(["id"])
      let query = cold.query().select("at", "id").order(by: "at", "id")
      let answer = try await cold.answer(
        query, from: [PinnedVersion(first, excludedKeys: excluded), PinnedVersion(second)])
      try expectEqual(try answer.values("id"), [2, 1, 3], "keys")
    },
    ConformanceCase("Groups of null keys are kept.") {
      let cold = try ColdScenario($0)
      let version = try await cold.write(
        1, ConformanceRow(1, cold.day(1).at(), tag: "a"), ConformanceRow(2, cold.day(1).at(), tag: nil),
        ConformanceRow(3, cold.day(1).at(), tag: nil))
      try expectNullGroup(try await cold.answer(nullGroupQuery(cold.dataset.name), from: [.init(version)]))
    },
    ConformanceCase("Sums are exact and fail beyond 38 digits.") {
      let cold = try ColdScenario($0)
      let rows = try sumRows(cold.day(1))
      let fits = try await cold.write(1, rows[0], rows[1])
      try expectSums(try await cold.answer(sumQuery(cold.dataset.name), from: [.init(fits)]))
      let beyond = try await cold.write(1, rows[0], rows[1], rows[2], rows[3])
      try await expectError(.valueOutOfRange, "a sum beyond 38 digits") {
        _ = try await cold.answer(sumQuery(cold.dataset.name), from: [.init(beyond)])
      }
    },
    ConformanceCase("A column younger than a version reads as null.") {
      let younger = ColumnField("note", .string)
      let cold = try ColdScenario($0)
      let version = try await cold.write(
        1, ConformanceRow(1, cold.day(1).at()), ConformanceRow(2, cold.day(1).at()))
      let later = try ConformanceRow.dataset(adding: [younger])
      let query = cold.query().select("id", "note").order(by: "id")
      let answer = try await cold.answer(query, from: [.init(version)], of: later)
      try expectEqual(try answer.values("id"), [1, 2], "rows")
      try expectEqual(try answer.values("note"), [.null, .null], "values of the younger column")
      let group = cold.query().group(by: .column("note")).select(.count)
      let groups = try await cold.answer(group, from: [.init(version)], of: later)
      try expectEqual(try groups.values("count"), [2], "rows of the group of nulls")
    },
    ConformanceCase("A missing version is an error that names its day, never zero rows.") {
      let cold = try ColdScenario($0)
      let there = try await cold.write(1, ConformanceRow(1, cold.day(1).at()))
      var missing = try await cold.write(2, ConformanceRow(2, cold.day(2).at()))
      let gone = VersionID(at: cold.day(2).at())
      missing.location = missing.location.replacing(missing.id.description, with: gone.description)
      missing.id = gone
      let error = try await expectError("a read of a missing version") {
        _ = try await cold.ids(from: [there, missing])
      }
      try expectEqual(error.context.day, cold.day(2), "day that the error names")
    },
  ]

  static let statistics: [ConformanceCase<Fixture>] = [
    ConformanceCase("The rows that entered the answer are counted.") {
      let cold = try ColdScenario($0)
      let version = try await cold.write(
        1, ConformanceRow(1, cold.day(1).at(), tag: "a"), ConformanceRow(2, cold.day(1).at(), tag: "a"),
        ConformanceRow(3, cold.day(1).at(), tag: "b"))
      let query = cold.query().filter(.column("tag", .equal, "a")).select(.count)
      let statistics = try await cold.store.read(
        ResolvedQuery(query, for: cold.dataset), from: [PinnedVersion(version)]
      ) { _ in }
      try expectEqual(statistics.rows, 2, "rows that were counted")
    },
    ConformanceCase("An estimate is at least what the columns of the query take in the surviving versions.") {
      let cold = try ColdScenario($0)
      let versions = [
        try await cold.write(1, ConformanceRow(1, cold.day(1).at(), tag: "a")),
        try await cold.write(2, ConformanceRow(2, cold.day(2).at(), tag: "b")),
      ]
      let all = try ResolvedQuery(cold.query().select("id", "tag"), for: cold.dataset)
      let estimate = cold.store.estimate(all, from: versions.map { PinnedVersion($0) })
      let encoded = versions.reduce(0) { sum, version in
        sum + all.columnsRead.reduce(0) { $0 + (version.summary.columns[$1]?.encodedBytes ?? 0) }
      }
      try expect(encoded > 0, "the versions' summaries tell no sizes")
      try expect(estimate.bytes >= encoded, "\(estimate.bytes) bytes for columns of \(encoded)")
    },
  ]
}

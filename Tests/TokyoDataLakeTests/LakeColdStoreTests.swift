import Testing
import TokyoDataLake
import TokyoDataTesting

@Suite("LakeColdStore")
struct LakeColdStoreTests {
  @Test("keeps the contract of a cold store", arguments: ColdStoreConformance.cases)
  func keepsContract(_ conformance: ConformanceCase<any ColdStoreFixture>) async throws {
    try await conformance.run(on: LakeColdStoreFixture())
  }

  @Test("gives the same rows from many versions, files and row groups as from memory", arguments: [1, 3, 16])
  func equalsMemory(width: Int) async throws {
    let lake = try LakeScenario()
    var options = VersionWriterOptions()
    options.rowGroupRows = 300
    options.fileBytes = 1_500
    let memory = InMemoryColdStore()
    var versions: [VersionRecord] = []
    for index in 0..<6 {
      let day = LakeScenario.day.advanced(by: index)
      let batches = try (0..<4).map { part in
        try lake.rows(index * 10_000 + part * 500..<index * 10_000 + part * 500 + 500, day: day)
      }
      let record = try await lake.write(batches, day: day, options: options)
      memory.add(record, rows: batches)
      versions.append(record)
    }
    let files = try await lake.lake.manifest(of: versions[0], in: lake.dataset.name).files
    #expect(files.count > 1)
    let name = lake.dataset.name
    let queries = [
      Query(name).select("id", "at", "tag", "amount", "score").order(by: "id"),
      Query(name).filter(.column("tag", .equal, "tag-3")).group(by: .column("tag"), .day)
        .select(.count, .sum("amount"), .average("score")).order(by: "day"),
      Query(name).filter(.between(.column("id"), 20_100, 30_200)).select("id", "tag").order(by: "id"),
      Query(name).select(.count, .min("at"), .max("tag")),
      Query(name).filter(.isNull(.column("tag"))).select("id").order(by: .descending("id")).limit(17),
      Query(name).time(in: LakeScenario.day.next.start..<LakeScenario.day.advanced(by: 3).start)
        .group(by: .column("tag")).select(.count).order(by: "tag"),
    ]
    for query in queries {
      let resolved = try ResolvedQuery(query, for: lake.dataset)
      var expected = ResultMerger(resolved)
      let pinned = versions.map { PinnedVersion($0) }
      let inMemory = try await memory.read(resolved, from: pinned) { try expected.add($0) }
      let (answer, statistics) = try await lake.read(query, versions, width: width)
      #expect(try answer == expected.finish())
      #expect(statistics.rows == inMemory.rows)
    }
  }

  @Test("hands on the versions' batches in their order, whatever is read first")
  func keepsOrder() async throws {
    let lake = try LakeScenario()
    var versions: [VersionRecord] = []
    for index in 0..<8 {
      let day = LakeScenario.day.advanced(by: index)
      // The first versions are the longest, so the later ones are read before them.
      versions.append(
        try await lake.write(
          [lake.rows(index * 100_000..<index * 100_000 + (8 - index) * 2_000, day: day)], day: day))
    }
    let resolved = try ResolvedQuery(Query(lake.dataset.name).select("id"), for: lake.dataset)
    var ids: [Int64] = []
    _ = try await LakeColdStore(lake.lake, width: 8).read(
      resolved, from: versions.map { PinnedVersion($0) }
    ) { batch in
      try batch.columns[0].withValues(as: Int64.self) { values, _ in
        for index in values.indices { ids.append(values[index]) }
      }
    }
    #expect(ids.count == 72_000)
    #expect(ids == ids.sorted())
  }

  @Test("an error of the one who takes the batches ends the read, and comes out as it is")
  func passesErrors() async throws {
    struct Enough: Error {}
    let lake = try LakeScenario()
    let versions = try await [
      lake.write([lake.rows(0..<5_000)]),
      lake.write([lake.rows(0..<5_000, day: LakeScenario.day.next)], day: LakeScenario.day.next),
    ]
    let resolved = try ResolvedQuery(Query(lake.dataset.name), for: lake.dataset)
    await #expect(throws: Enough.self) {
      _ = try await LakeColdStore(lake.lake, width: 2).read(
        resolved, from: versions.map { PinnedVersion($0) }
      ) { _ in throw Enough() }
    }
  }

  @Test("a cancelled read ends with a CancellationError")
  func endsWhenCancelled() async throws {
    let lake = try LakeScenario()
    let version = try await lake.write([lake.rows(0..<5_000)])
    let resolved = try ResolvedQuery(Query(lake.dataset.name), for: lake.dataset)
    let task = Task { [store = LakeColdStore(lake.lake)] in
      try await store.read(resolved, from: [PinnedVersion(version)]) { _ in
        withUnsafeCurrentTask { $0?.cancel() }
        try Task.checkCancellation()
      }
    }
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test("a limit without an order stops reading")
  func stopsAtLimit() async throws {
    let lake = try LakeScenario()
    var versions: [VersionRecord] = []
    for index in 0..<5 {
      let day = LakeScenario.day.advanced(by: index)
      versions.append(try await lake.write([lake.rows(0..<3_000, day: day)], day: day))
    }
    let (all, whole) = try await lake.read(Query(lake.dataset.name).select("id"), versions)
    let (some, part) = try await lake.read(
      Query(lake.dataset.name).select("id").limit(10), versions, width: 1)
    #expect(all.rowCount == 15_000)
    #expect(some.rowCount == 10)
    #expect(part.bytes < whole.bytes / 3)
  }

  @Test("reads only the columns of the query, and only row groups that may match")
  func readsLittle() async throws {
    let lake = try LakeScenario()
    var options = VersionWriterOptions()
    options.rowGroupRows = 4_096
    let version = try await lake.write([lake.rows(0..<40_960)], options: options)
    let name = lake.dataset.name
    // No row group has both, so that nothing but the manifest and the footer is read.
    let noon = LakeScenario.day.start.adding(microseconds: 20_000 * 1_000_017)
    let opening = try await lake.read(
      Query(name).filter(.between(.column("id"), 1, 100)).time(in: noon..<noon.adding(microseconds: 1)),
      [version]
    ).statistics.bytes
    let everything = try await lake.read(Query(name), [version]).statistics.bytes - opening
    let oneColumn = try await lake.read(Query(name).select(.sum("id")), [version]).statistics.bytes - opening
    let oneGroup = try await lake.read(
      Query(name).filter(.between(.column("id"), 9_000, 9_100)).select(.sum("id")), [version])
    #expect(oneColumn < everything / 2)
    #expect(oneGroup.statistics.bytes - opening < oneColumn / 2)
    #expect(oneGroup.statistics.rows == 101)
    let byTime = try await lake.read(
      Query(name).time(in: noon..<noon.adding(microseconds: 1)).select("id"), [version])
    #expect(byTime.answer.row(0) == [.int(20_000)])
    #expect(byTime.answer.rowCount == 1)
    #expect(byTime.statistics.bytes - opening < everything / 2)
  }

  @Test("versions that the day or the summary excludes are not opened")
  func prunesVersions() async throws {
    let lake = try LakeScenario()
    let first = try await lake.write([lake.rows(0..<100)])
    let second = try await lake.write(
      [lake.rows(100..<200, day: LakeScenario.day.next)], day: LakeScenario.day.next)
    let name = lake.dataset.name
    // Without its objects a version that is opened is an error.
    try await lake.lake.delete(second, of: lake.dataset)
    for query in [
      Query(name).time(in: LakeScenario.day.range).select(.count),
      Query(name).filter(.column("id", .less, 100)).select(.count),
    ] {
      #expect(try await lake.read(query, [first, second]).answer.row(0) == [.int(100)])
      let resolved = try ResolvedQuery(query, for: lake.dataset)
      let store = LakeColdStore(lake.lake)
      #expect(store.estimate(resolved, from: [PinnedVersion(second)]).bytes == 0)
      #expect(store.estimate(resolved, from: [PinnedVersion(first)]).bytes > 0)
    }
    let error = await LakeScenario.error {
      _ = try await lake.read(Query(name).select(.count), [first, second])
    }
    #expect(error?.code == .notFound)
    #expect(error?.message.contains(second.id.description) == true)
    #expect(error?.context.day == LakeScenario.day.next)
  }

  @Test("a missing or shortened file, another manifest and a changed type are errors that name them")
  func namesWhatIsWrong() async throws {
    let lake = try LakeScenario()
    let version = try await lake.write([lake.rows(0..<100)])
    let query = Query(lake.dataset.name).select(.count, .sum("id"))
    let file = "\(version.location)/part-00000.snappy.parquet"
    let bytes = try lake.folder.read(file)

    try lake.folder.write(Array(bytes.dropLast(20)), to: file)
    let shortened = await LakeScenario.error { _ = try await lake.read(query, [version]) }
    #expect(shortened?.code == .invalidData)
    #expect(shortened?.message.contains("part-00000.snappy.parquet") == true)

    try lake.folder.remove(file)
    let missing = await LakeScenario.error { _ = try await lake.read(query, [version]) }
    #expect(missing?.code == .notFound)
    #expect(missing?.message.contains(version.id.description) == true)
    try lake.folder.write(bytes, to: file)

    var other = version
    other.rowHash.add(version.rowHash)
    let disagreeing = await LakeScenario.error { _ = try await lake.read(query, [other]) }
    #expect(disagreeing?.code == .invalidData)

    let fields = lake.dataset.schema.fields.map { $0.name == "score" ? ColumnField("score", .float) : $0 }
    let changed = try Dataset(
      lake.dataset.name, schema: ColumnSchema(fields), primaryKey: ["id"], timeColumn: "at")
    let resolved = try ResolvedQuery(Query(changed.name).select("score"), for: changed)
    let type = await LakeScenario.error {
      _ = try await LakeColdStore(lake.lake).read(resolved, from: [PinnedVersion(version)]) { _ in }
    }
    #expect(type?.code == .unsupported)
    #expect(type?.context.column == "score")
  }
}

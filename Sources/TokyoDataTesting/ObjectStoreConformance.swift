public import TokyoDataLake

/// The contract of `ObjectStore`, sentence by sentence.
///
/// Each case needs an empty store.
public enum ObjectStoreConformance: ConformanceSuite {
  /// The cases, in the order of the sentences.
  public static let cases: [ConformanceCase<any ObjectStore>] = readingCases + writingCases + listingCases

  private static let readingCases: [ConformanceCase<any ObjectStore>] = [
    ConformanceCase("What was put reads back byte for byte.") { store in
      let key = try ObjectKey("a/b=1/c.bin")
      try await store.put(bytes(70_000), as: key)
      try expectEqual(try await store.get(key), bytes(70_000), "the object")
      try expectEqual(try await store.size(of: key), 70_000, "its size")
    },
    ConformanceCase("An object of no bytes is an object.") { store in
      let key = try ObjectKey("empty")
      try await store.put([], as: key)
      try expectEqual(try await store.get(key), [], "the object")
      try expectEqual(try await store.size(of: key), 0, "its size")
      try expectEqual(try await store.list(prefix: ""), [StoredObject(key: key, size: 0)], "the listing")
    },
    ConformanceCase("A range reads exactly its bytes.") { store in
      let key = try ObjectKey("x")
      try await store.put(bytes(100), as: key)
      for range in [0..<1, 0..<100, 37..<64, 99..<100] {
        try expectEqual(try await store.get(key, range: range), Array(bytes(100)[range]), "bytes \(range)")
      }
    },
    ConformanceCase("An empty range reads nothing.") { store in
      let key = try ObjectKey("x")
      try await store.put(bytes(10), as: key)
      try expectEqual(try await store.get(key, range: 5..<5), [], "no bytes")
    },
    ConformanceCase("A range that reaches beyond the object is an `invalidData` error, never fewer bytes.") {
      store in
      let key = try ObjectKey("x")
      try await store.put(bytes(10), as: key)
      for range in [0..<11, 9..<12, 20..<30] {
        try await expectError(.invalidData, "bytes \(range) of 10") {
          _ = try await store.get(key, range: range)
        }
      }
    },
    ConformanceCase("Reading what is absent is a `notFound` error.") { store in
      try await store.put(bytes(1), as: ObjectKey("a/b"))
      for path in ["x", "a", "a/b/c"] {
        let key = try ObjectKey(path)
        try await expectError(.notFound, "all of \(path)") { _ = try await store.get(key) }
        try await expectError(.notFound, "a range of \(path)") { _ = try await store.get(key, range: 0..<1) }
      }
    },
    ConformanceCase("The size of what is absent is nil.") { store in
      try await store.put(bytes(1), as: ObjectKey("a/b"))
      for path in ["x", "a", "a/b/c"] {
        try expectEqual(try await store.size(of: ObjectKey(path)), nil, "the size of \(path)")
      }
    },
  ]

  private static let writingCases: [ConformanceCase<any ObjectStore>] = [
    ConformanceCase("A put onto an existing object is a `conflict` and leaves it as it was.") { store in
      let key = try ObjectKey("x")
      try await store.put([1, 2, 3], as: key)
      try await expectError(.conflict, "a second put") { try await store.put([4], as: key) }
      try expectEqual(try await store.get(key), [1, 2, 3], "the object")
    },
    ConformanceCase("Of several puts of one key at once exactly one succeeds.") { store in
      let key = try ObjectKey("raced/x")
      let winners = try await withThrowingTaskGroup(of: UInt8?.self) { group in
        for contestant in UInt8(0)..<8 {
          group.addTask {
            do { try await store.put(Array(repeating: contestant, count: 5_000), as: key) } catch let error
              as TokyoDataError where error.code == .conflict
            { return nil }
            return contestant
          }
        }
        return try await group.reduce(into: [UInt8]()) { if let winner = $1 { $0.append(winner) } }
      }
      try expectEqual(winners.count, 1, "winners")
      try expectEqual(
        try await store.get(key), Array(repeating: winners[0], count: 5_000), "the winner's object")
    },
    ConformanceCase("A reader sees nothing of an upload before its commit, then all of it.") { store in
      let key = try ObjectKey("a/x")
      let upload = try await store.upload(to: key)
      for _ in 0..<3 { try await upload.write(bytes(40_000)) }
      try expectEqual(try await store.size(of: key), nil, "its size before the commit")
      try await expectError(.notFound, "reading before the commit") { _ = try await store.get(key) }
      try await upload.commit()
      try expectEqual(try await store.get(key), bytes(40_000) + bytes(40_000) + bytes(40_000), "the object")
    },
    ConformanceCase("An aborted upload leaves nothing, and its key can be put.") { store in
      let key = try ObjectKey("a/x")
      let upload = try await store.upload(to: key)
      try await upload.write(bytes(10))
      await upload.abort()
      try expectEqual(try await store.size(of: key), nil, "its size")
      try expectEqual(try await store.list(prefix: ""), [], "the listing")
      try await store.put([7], as: key)
      try expectEqual(try await store.get(key), [7], "the object put afterwards")
    },
    ConformanceCase("A commit onto an existing object is a `conflict` and leaves it as it was.") { store in
      let key = try ObjectKey("a/x")
      let upload = try await store.upload(to: key)
      try await upload.write([9])
      try await store.put([1, 2], as: key)
      try await expectError(.conflict, "the commit") { try await upload.commit() }
      try expectEqual(try await store.get(key), [1, 2], "the object")
    },
    ConformanceCase("A finished upload takes no more bytes.") { store in
      let key = try ObjectKey("a/x")
      let committed = try await store.upload(to: key)
      try await committed.write([1])
      try await committed.commit()
      try await expectError(nil, "a write after the commit") { try await committed.write([2]) }
      await committed.abort()
      try expectEqual(try await store.get(key), [1], "the object")
      let aborted = try await store.upload(to: ObjectKey("a/y"))
      await aborted.abort()
      try await expectError(nil, "a write after the abort") { try await aborted.write([2]) }
      try await expectError(nil, "a commit after the abort") { try await aborted.commit() }
      try expectEqual(try await store.size(of: ObjectKey("a/y")), nil, "the size of what was aborted")
    },
  ]

  private static let listingCases: [ConformanceCase<any ObjectStore>] = [
    ConformanceCase("A listing gives every object whose key begins with the prefix, and no other.") { store in
      let paths = ["a", "ab/c", "ab/d/e", "abc", "b/a"]
      for path in paths { try await store.put(bytes(path.utf8.count), as: ObjectKey(path)) }
      for prefix in ["", "a", "ab", "ab/", "ab/d", "ab/d/", "b/a", "b/a/", "c", "/", "../", "ab//"] {
        let expected = try paths.filter { $0.hasPrefix(prefix) }
          .map { StoredObject(key: try ObjectKey($0), size: $0.utf8.count) }
        try expectEqual(try await store.list(prefix: prefix), expected, "the listing of \"\(prefix)\"")
      }
    },
    ConformanceCase("A listing is ordered by the bytes of its keys.") { store in
      // A dash is before the slash, a digit behind it; capitals are before small letters.
      let paths = ["Z", "a-b", "a.b", "a/b", "a0", "a/B", "aa/1", "é", "z/10", "z/9"]
      for path in paths.shuffled() { try await store.put([0], as: ObjectKey(path)) }
      let listed = try await store.list(prefix: "").map(\.key.path)
      try expectEqual(
        listed, paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }, "the listing")
    },
    ConformanceCase("A listing shows no upload that is not committed.") { store in
      let upload = try await store.upload(to: ObjectKey("a/x"))
      try await upload.write(bytes(10))
      try expectEqual(try await store.list(prefix: ""), [], "the listing before the commit")
      try await upload.commit()
      try expectEqual(try await store.list(prefix: "a/").map(\.key.path), ["a/x"], "the listing after it")
    },
    ConformanceCase("A deletion tells for every key whether it succeeded.") { store in
      let keys = try ["a/1", "a/2", "b"].map { try ObjectKey($0) }
      for key in keys { try await store.put([0], as: key) }
      let results = try await store.delete([keys[2], keys[0]])
      try expectEqual(results.map(\.key), [keys[2], keys[0]], "the keys of the results")
      try expect(results.allSatisfy { $0.error == nil }, "a deletion failed")
      try expectEqual(try await store.list(prefix: "").map(\.key), [keys[1]], "what is left")
    },
    ConformanceCase("Deleting what is absent succeeds.") { store in
      let results = try await store.delete([ObjectKey("x"), ObjectKey("a/b/c")])
      try expectEqual(results.count, 2, "results")
      try expect(results.allSatisfy { $0.error == nil }, "a deletion of nothing failed")
    },
    ConformanceCase("A deleted key can be put again.") { store in
      let key = try ObjectKey("a/b/c")
      try await store.put([1], as: key)
      _ = try await store.delete([key])
      try await expectError(.notFound, "reading what is deleted") { _ = try await store.get(key) }
      try await store.put([2], as: key)
      try expectEqual(try await store.get(key), [2], "the new object")
    },
    ConformanceCase("Aborting the uploads under a prefix ends those and no others.") { store in
      let ended = try await store.upload(to: ObjectKey("a/bc/x"))
      let other = try await store.upload(to: ObjectKey("a/c"))
      let sibling = try await store.upload(to: ObjectKey("a/bc/y"))
      for upload in [ended, other, sibling] { try await upload.write([1]) }
      try await store.put([0], as: ObjectKey("a/bc/xyz"))
      try await store.abortUploads(prefix: "a/bc/x")
      try await expectError(nil, "the commit of an upload that was ended") { try await ended.commit() }
      try await other.commit()
      try await sibling.commit()
      try expectEqual(
        try await store.list(prefix: "").map(\.key.path), ["a/bc/xyz", "a/bc/y", "a/c"], "the objects")
    },
  ]

  private static func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
  }
}

/// The contract of `TableCatalog`, sentence by sentence.
///
/// Each case needs an empty catalog.
public enum TableCatalogConformance: ConformanceSuite {
  /// The cases, in the order of the sentences.
  public static let cases: [ConformanceCase<any TableCatalog>] = [
    ConformanceCase("An added partition reads back as it was added.") { catalog in
      let dataset = try dataset("t")
      let versions = try (0..<3).map { try version($0, of: dataset) }
      try await catalog.add(versions.map { CatalogPartition($0, of: dataset) }, of: dataset)
      let found = try await catalog.partitions(of: versions, in: dataset)
      try expectEqual(Set(found), Set(versions.map { CatalogPartition($0, of: dataset) }), "the partitions")
      let undated = try TableCatalogConformance.dataset("u", isDated: false)
      let whole = try version(7, of: undated)
      try await catalog.add([CatalogPartition(whole, of: undated)], of: undated)
      try expectEqual(
        try await catalog.partitions(of: [whole], in: undated), [CatalogPartition(whole, of: undated)],
        "the partition of an undated dataset")
    },
    ConformanceCase("A partition that was not added does not read back.") { catalog in
      let dataset = try dataset("t")
      let (added, other) = (try version(0, of: dataset), try version(1, of: dataset))
      try expectEqual(try await catalog.partitions(of: [other], in: dataset), [], "an empty catalog")
      try await catalog.add([CatalogPartition(added, of: dataset)], of: dataset)
      try expectEqual(try await catalog.partitions(of: [other], in: dataset), [], "another version")
    },
    ConformanceCase("Adding the same partition again changes nothing.") { catalog in
      let dataset = try dataset("t")
      let added = CatalogPartition(try version(0, of: dataset), of: dataset)
      for _ in 0..<2 { try await catalog.add([added], of: dataset) }
      try expectEqual(
        try await catalog.partitions(of: [version(0, of: dataset)], in: dataset), [added], "the partition")
    },
    ConformanceCase("Adding another partition of the same version is a `conflict` and changes nothing.") {
      catalog in
      let dataset = try dataset("t")
      let added = CatalogPartition(try version(0, of: dataset), of: dataset)
      try await catalog.add([added], of: dataset)
      var other = added
      other.location += "-elsewhere"
      try await expectError(.conflict, "adding it with another folder") {
        try await catalog.add([other], of: dataset)
      }
      try expectEqual(
        try await catalog.partitions(of: [version(0, of: dataset)], in: dataset), [added], "the partition")
    },
    ConformanceCase("Partitions of two datasets do not touch each other.") { catalog in
      let (one, two) = (try dataset("t"), try dataset("t_2"))
      let (first, second) = (try version(0, of: one), try version(0, of: two))
      try await catalog.add([CatalogPartition(first, of: one)], of: one)
      try expectEqual(try await catalog.partitions(of: [second], in: two), [], "the other dataset")
      try await catalog.add([CatalogPartition(second, of: two)], of: two)
      try await catalog.show([second], of: two)
      try await catalog.remove([first], of: one)
      try expectEqual(
        try await catalog.partitions(of: [second], in: two), [CatalogPartition(second, of: two)],
        "the other dataset after a removal")
      try expectEqual(try await catalog.shown(of: two), [second.id], "its view")
    },
    ConformanceCase("A removed partition does not read back.") { catalog in
      let dataset = try dataset("t")
      let versions = try (0..<3).map { try version($0, of: dataset) }
      try await catalog.add(versions.map { CatalogPartition($0, of: dataset) }, of: dataset)
      try await catalog.remove([versions[1]], of: dataset)
      try expectEqual(
        Set(try await catalog.partitions(of: versions, in: dataset).map(\.version)),
        [versions[0].id, versions[2].id], "what is left")
    },
    ConformanceCase("Removing what is absent succeeds.") { catalog in
      let dataset = try dataset("t")
      try await catalog.remove([version(0, of: dataset)], of: dataset)
      try await catalog.add([CatalogPartition(version(1, of: dataset), of: dataset)], of: dataset)
      try await catalog.remove([version(0, of: dataset)], of: dataset)
      try expectEqual(
        try await catalog.partitions(of: [version(1, of: dataset)], in: dataset).count, 1, "the other one")
    },
    ConformanceCase("The current versions are exactly those last shown.") { catalog in
      let dataset = try dataset("t")
      let versions = try (0..<3).map { try version($0, of: dataset) }
      try expectEqual(try await catalog.shown(of: dataset), [], "before any")
      try await catalog.add(versions.map { CatalogPartition($0, of: dataset) }, of: dataset)
      try await catalog.show([versions[1], versions[0]], of: dataset)
      try expectEqual(try await catalog.shown(of: dataset), [versions[0].id, versions[1].id], "by day")
      try await catalog.show([versions[2]], of: dataset)
      try expectEqual(try await catalog.shown(of: dataset), [versions[2].id], "the later view")
    },
    ConformanceCase("Showing versions changes no partition.") { catalog in
      let dataset = try dataset("t")
      let versions = try (0..<2).map { try version($0, of: dataset) }
      try await catalog.add(versions.map { CatalogPartition($0, of: dataset) }, of: dataset)
      try await catalog.show([versions[0]], of: dataset)
      try await catalog.show([], of: dataset)
      try expectEqual(
        Set(try await catalog.partitions(of: versions, in: dataset)),
        Set(versions.map { CatalogPartition($0, of: dataset) }), "the partitions")
    },
    ConformanceCase("A removed partition is no longer current.") { catalog in
      let dataset = try dataset("t")
      let versions = try (0..<2).map { try version($0, of: dataset) }
      try await catalog.add(versions.map { CatalogPartition($0, of: dataset) }, of: dataset)
      try await catalog.show(versions, of: dataset)
      try await catalog.remove([versions[0]], of: dataset)
      try expectEqual(try await catalog.shown(of: dataset), [versions[1].id], "the view")
    },
    ConformanceCase("A catalog that says what it should has no findings.") { catalog in
      let dataset = try dataset("t")
      let versions = try (0..<2).map { try version($0, of: dataset) }
      try await catalog.add(versions.map { CatalogPartition($0, of: dataset) }, of: dataset)
      try await catalog.show(versions, of: dataset)
      let content = try content(versions, of: dataset)
      try expectEqual(try await catalog.findings(on: dataset, expecting: content), [], "the findings")
    },
    ConformanceCase("What is missing, and what nobody knows, is found, and gone after a repair.") { catalog in
      let dataset = try dataset("t")
      let versions = try (0..<3).map { try version($0, of: dataset) }
      let added = [versions[0], versions[2]]
      try await catalog.add(added.map { CatalogPartition($0, of: dataset) }, of: dataset)
      try await catalog.show(added, of: dataset)
      let content = try content(Array(versions.prefix(2)), of: dataset)
      let kinds = Set(try await catalog.findings(on: dataset, expecting: content).map(\.kind))
      try expectEqual(
        kinds, [.missingPartition, .extraPartition, .notShown, .wronglyShown], "the kinds of findings")
      try await catalog.repair(dataset, to: content)
      try expectEqual(
        try await catalog.findings(on: dataset, expecting: content), [], "the findings after a repair")
      try expectEqual(
        Set(try await catalog.partitions(of: versions, in: dataset).map(\.version)),
        Set(content.versions.map(\.id)), "the partitions after a repair")
      try expectEqual(
        try await catalog.shown(of: dataset), content.current.map(\.id), "the view after a repair")
    },
    ConformanceCase("What is dropped is no longer there, and dropping it again succeeds.") { catalog in
      let dataset = try dataset("t")
      let added = try version(0, of: dataset)
      try await catalog.drop(dataset)
      try await catalog.add([CatalogPartition(added, of: dataset)], of: dataset)
      try await catalog.show([added], of: dataset)
      for _ in 0..<2 { try await catalog.drop(dataset) }
      try expectEqual(try await catalog.partitions(of: [added], in: dataset), [], "the partitions")
      try expectEqual(try await catalog.shown(of: dataset), [], "the view")
    },
  ]

  /// What a catalog should say of versions that are all current.
  private static func content(_ versions: [VersionRecord], of dataset: Dataset) throws -> CatalogContent {
    var fields = dataset.schema.fields
    if let twin = dataset.microsecondTwin { fields.append(ColumnField(twin, .int64, isNullable: false)) }
    let schema = try ColumnSchema(fields)
    return CatalogContent(
      versions: versions, current: versions,
      schemas: Dictionary(uniqueKeysWithValues: versions.map { ($0.id, schema) }))
  }

  private static func dataset(_ name: String, isDated: Bool = true) throws -> Dataset {
    try Dataset(
      DatasetName(name),
      schema: ColumnSchema([
        ColumnField("id", .int64, isNullable: false), ColumnField("at", .timestamp, isNullable: false),
      ]),
      primaryKey: ["id"], timeColumn: isDated ? "at" : nil)
  }

  private static func version(_ number: Int32, of dataset: Dataset) throws -> VersionRecord {
    let day = Day(daysSince1970: 20_000 + number)
    guard let id = VersionID("20260101T000000Z-00000000000\(number)") else {
      throw ConformanceFailure("the case has a wrong version id")
    }
    return VersionRecord(
      id: id, day: day, location: "\(dataset.name)/\(day)/\(id)",
      schemaFingerprint: dataset.schemaFingerprint, snapshot: "s", exportedAt: day.next.start)
  }
}

internal import TokyoDataCore
internal import TokyoDataLake

extension AthenaEngine {
  /// Where a statement is to be unloaded to, if it is.
  ///
  /// A long answer is: Athena writes it to several files at once, where a result file is one, and its columns are read
  /// several times as fast as text. One that may be there already, or that has no place in S3, is not.
  ///
  /// - Throws: `TokyoDataError.unsupported` where it is to be and cannot.
  func unloadPlace(of request: AthenaRequest) async throws -> S3Location? {
    let nested = request.schema?.fields.first { $0.type.isNested }
    guard request.way == .unload || (request.way == nil && nested != nil) else {
      guard request.way == nil, request.isLong, request.reuseMinutes == nil else { return nil }
      return try await place(of: request)
    }
    let context = TokyoDataError.Context(store: "athena", operation: "query", column: nested?.name)
    guard UnloadStatement.canWrap(request.statement.sql) else {
      throw TokyoDataError(.unsupported, "only what selects rows can be unloaded", context: context)
    }
    guard request.way == .unload || !UnloadStatement.mayOrder(request.statement.sql) else {
      throw TokyoDataError(
        .unsupported,
        "nested columns come by UNLOAD, which keeps no order: leave ORDER BY out, or ask for UNLOAD",
        context: context)
    }
    guard let place = try await place(of: request) else {
      throw TokyoDataError(
        .unsupported, "UNLOAD needs a place in S3, and neither the request nor the workgroup names one",
        context: context)
    }
    return place
  }

  func place(of request: AthenaRequest) async throws -> S3Location? {
    let asked = try request.outputLocation.map { (text) throws(TokyoDataError) in try S3Location(text) }
    return try await places.place(of: request.workGroup, asked: asked)
  }

  /// Runs a statement so that it writes its rows to S3, hands them on, and deletes what was written.
  func unload(
    _ request: AthenaRequest, to place: S3Location, paid: AthenaBill = AthenaBill(), mayBeEmpty: Bool = true,
    _ consume: (ColumnBatch) async throws -> Void
  ) async throws -> AthenaAnswer {
    var bill = paid
    var request = request
    // An earlier result is never given again for statements that write, and a token names one statement.
    request.reuseMinutes = nil
    if paid.scannedBytes > 0 || paid.billedBytes > 0 { request.token = nil }
    var folder = place
    let folders = FolderList()
    let success: QueryRunner.Success
    do {
      success = try await pay(request.budget, request.estimatedBytes, &bill) { bill in
        try await runner.run(request) { token in
          folder = place.appending("\(UnloadStatement.folder)/\(token)/")
          folders.add(folder)
          return start(request, UnloadStatement.wrapping(request.statement, to: folder), token: token)
        } ended: {
          bill.add($0, price: price)
        }
      }
    } catch {
      await delete(folders.all, request.expectedBucketOwner)
      throw error
    }
    await delete(folders.all.filter { $0 != folder }, request.expectedBucketOwner)
    return try await readUnloaded(success, folder, request, bill, mayBeEmpty: mayBeEmpty, consume)
  }

  /// Hands on the rows of a query that has written them, and deletes what it wrote.
  func readUnloaded(
    _ success: QueryRunner.Success, _ folder: S3Location, _ request: AthenaRequest, _ bill: AthenaBill,
    mayBeEmpty: Bool = true, _ consume: (ColumnBatch) async throws -> Void
  ) async throws -> AthenaAnswer {
    var bill = bill
    let manifest = try success.query.statistics?.dataManifestLocation.map { (text) throws(TokyoDataError) in
      try S3Location(text)
    }
    let metadata = success.query.resultConfiguration?.outputLocation.flatMap {
      try? S3Location($0 + ".metadata")
    }
    let beside = [manifest, metadata].compactMap(\.self)
    do {
      guard let manifest else {
        throw TokyoDataError(
          .invalidData, "Athena does not tell where the files that the query wrote are listed",
          context: ResultColumns.context)
      }
      let reader = UnloadReader(
        objects: ResultObjects(client: storage, expectedBucketOwner: request.expectedBucketOwner),
        folder: folder,
        manifest: manifest)
      let written = try await reader.written()
      let first = try await reader.begin(written.files)
      let schema: ColumnSchema
      if let known = request.schema ?? first?.piece.schema {
        schema = known
      } else if mayBeEmpty {
        let columns = try await columns(of: request, besides: folder)
        bill.add(columns.receipt)
        schema = columns.schema
      } else {
        throw TokyoDataError(
          .invalidData, "a query of one row wrote no file", context: ResultColumns.context)
      }
      var outcome = ResultReader.Outcome(schema: schema, way: .unload)
      try await reader.read(from: first, as: schema) { batch in
        outcome.rows += batch.rowCount
        try await consume(batch)
      }
      await delete(request.expectedBucketOwner) {
        // A query that has succeeded writes no more: there is no need to look again.
        try await $0.delete(written.keys, and: beside, in: folder.bucket)
      }
      return answer(outcome, success, bill)
    } catch {
      await delete([folder], request.expectedBucketOwner, beside)
      throw error
    }
  }

  /// The columns of a statement that has no rows: no file was written that could tell them.
  ///
  /// The query for them reads nothing, but costs what a query costs at least; it is charged, not asked for, since
  /// the answer is paid already.
  private func columns(of request: AthenaRequest, besides folder: S3Location) async throws -> AthenaAnswer {
    var request = request
    request.statement = UnloadStatement.columns(of: request.statement)
    request.token = nil
    let budget = request.budget
    request.budget = nil
    let columns = try await unload(request, to: UnloadStatement.place(of: folder), mayBeEmpty: false) { _ in }
    budget?.charge(billedBytes: columns.receipt.billedBytes, on: athena.client.time.now().day)
    return columns
  }

  /// Deletes everything in folders that queries wrote into, and what they wrote beside.
  func delete(_ folders: [S3Location], _ owner: String?, _ beside: [S3Location] = []) async {
    for folder in folders {
      await delete(owner) { try await $0.delete(below: folder, and: beside) }
    }
  }

  /// Deletes what queries wrote, whoever is canceled meanwhile.
  ///
  /// What cannot be deleted expires with the other results; the answer is no worse for it.
  private func delete(
    _ owner: String?, _ body: @escaping @Sendable (ResultObjects) async throws -> Void
  ) async {
    let objects = ResultObjects(client: storage, expectedBucketOwner: owner)
    await Task { try? await body(objects) }.value
  }
}

/// The folders that the attempts of one statement were given.
private final class FolderList {
  private(set) var all: [S3Location] = []
  func add(_ folder: S3Location) { all.append(folder) }
}

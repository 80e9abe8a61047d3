internal import TokyoDataCore

/// Runs statements in Athena to exact answers.
///
/// One engine is enough for a program: what its queries have in common, such as the looking for their ends, they
/// share.
struct AthenaEngine: Sendable {
  let athena: AthenaClient
  let storage: AWSClient
  let runner: QueryRunner
  let places: WorkGroupPlaces
  /// What is asked for beside the queries' own life.
  let calls: PatientCalls
  var price = AthenaPrice()

  init(session: AWSSession) { self.init(athena: session.client(.athena), storage: session.client(.s3)) }

  init(athena: AWSClient, storage: AWSClient) {
    self.athena = AthenaClient(client: athena)
    self.storage = storage
    let clock = WaitingClock(athena.time)
    runner = QueryRunner(athena: self.athena, clock: clock)
    calls = PatientCalls(clock: clock)
    places = WorkGroupPlaces(athena: self.athena, calls: calls)
  }

  /// Runs a statement and hands on its rows, batch by batch.
  ///
  /// The result is read no faster than `consume` takes it. A statement that selects and whose columns are nested
  /// comes by `UNLOAD`, and so does one whose answer is expected to be long; everything else in pages where it is
  /// short, else from its file. Where the request does not tell the columns and they turn out to be nested, the
  /// statement is run a second time.
  ///
  /// - Throws: `TokyoDataError`: `.budgetExceeded` before anything is sent, `.timeout` for the request's deadlines,
  ///   with an `AthenaQueryFailure` as its cause where the query failed; `CancellationError`; what `consume` throws.
  ///   A query that nobody waits for any longer is stopped, and what it wrote is deleted.
  func run(
    _ request: AthenaRequest, _ consume: (ColumnBatch) async throws -> Void
  ) async throws -> AthenaAnswer {
    if let place = try await unloadPlace(of: request) { return try await unload(request, to: place, consume) }
    var bill = AthenaBill()
    let success = try await pay(request.budget, request.estimatedBytes, &bill) { bill in
      try await runner.run(request) {
        start(request, request.statement, token: $0)
      } ended: {
        bill.add($0, price: price)
      }
    }
    let reader = reader(of: success.query, request.expectedBucketOwner)
    do {
      let result = try await reader.read(as: request.schema, by: request.way, consume)
      return answer(result, success, bill)
    } catch let error as NestedColumns {
      guard request.way == nil, UnloadStatement.canWrap(request.statement.sql),
        !UnloadStatement.mayOrder(request.statement.sql), let place = try await place(of: request)
      else { throw error.error }
      return try await unload(request, to: place, paid: bill, consume)
    }
  }

  /// Runs a statement and collects its rows in one batch.
  ///
  /// - Throws: as `run`; `TokyoDataError.valueOutOfRange` where the texts of a column pass 2 GiB.
  func collect(_ request: AthenaRequest) async throws -> (rows: ColumnBatch, answer: AthenaAnswer) {
    var batches: [ColumnBatch] = []
    let answer = try await run(request) { batches.append($0) }
    return (try answer.joining(batches), answer)
  }

  /// Waits for a query that was started before, perhaps by a process that is gone, and hands on its rows.
  ///
  /// - Parameters:
  ///   - id: The query's id.
  ///   - schema: The columns of the answer; nil to take what Athena says they are.
  ///   - budget: What the query is charged to; it was not asked when the query was sent.
  /// - Throws: as `run`; `TokyoDataError.notFound` for a query that Athena does not know.
  func resume(
    _ id: String, schema: ColumnSchema? = nil, way: AthenaResultWay? = nil,
    within limits: WatchList.Limits = .init(queue: .seconds(600), run: .seconds(1800)),
    budget: AthenaBudget? = nil, expectedBucketOwner: String? = nil,
    _ consume: (ColumnBatch) async throws -> Void
  ) async throws -> AthenaAnswer {
    var bill = AthenaBill()
    var last: AthenaQuery?
    let query: AthenaQuery
    do {
      defer { budget?.charge(billedBytes: bill.billedBytes, on: athena.client.time.now().day) }
      query = try await runner.finish(id, within: limits) {
        bill.add($0, price: price)
        last = $0
      }
      guard query.status.state == .succeeded else { throw AthenaQueryFailure(query).error(attempts: 1) }
    } catch {
      if let (_, folder) = last?.query.flatMap(UnloadStatement.parse) {
        await delete([folder], expectedBucketOwner)
      }
      throw error
    }
    let success = QueryRunner.Success(query: query, attempts: 1)
    if let (statement, folder) = query.query.flatMap(UnloadStatement.parse) {
      var request = AthenaRequest(AthenaStatement(sql: statement))
      request.budget = budget
      request.database = query.queryExecutionContext?.database
      request.catalog = query.queryExecutionContext?.catalog
      request.workGroup = query.workGroup
      request.schema = schema
      request.expectedBucketOwner = expectedBucketOwner
      return try await readUnloaded(success, folder, request, bill, consume)
    }
    do {
      let result = try await reader(of: query, expectedBucketOwner).read(as: schema, by: way, consume)
      return answer(result, success, bill)
    } catch let error as NestedColumns {
      throw error.error
    }
  }
}

extension AthenaEngine {
  /// The start of a statement with what the request says of its place.
  func start(_ request: AthenaRequest, _ statement: AthenaStatement, token: String) -> AthenaQueryStart {
    var start = AthenaQueryStart(queryString: statement.sql, clientRequestToken: token)
    start.queryExecutionContext = AthenaQueryContext(database: request.database, catalog: request.catalog)
    start.workGroup = request.workGroup
    start.executionParameters = statement.parameters.isEmpty ? nil : statement.parameters
    if request.outputLocation != nil || request.expectedBucketOwner != nil {
      start.resultConfiguration = AthenaResultConfiguration(
        outputLocation: request.outputLocation, expectedBucketOwner: request.expectedBucketOwner)
    }
    start.resultReuseConfiguration = request.reuseMinutes.map(AthenaResultReuse.init(upToMinutes:))
    return start
  }

  /// Runs queries against a budget: nothing is sent that it does not allow, and what was sent is charged.
  func pay<Result>(
    _ budget: AthenaBudget?, _ estimate: Int?, _ bill: inout AthenaBill,
    _ body: (inout AthenaBill) async throws -> Result
  ) async throws -> Result {
    guard let budget else { return try await body(&bill) }
    let before = bill.billedBytes
    let reservation = try budget.reserve(estimate: estimate, on: athena.client.time.now().day)
    defer {
      // A query that nobody knows more of may have cost what was set aside.
      let spent = bill.billedBytes - before
      budget.settle(reservation, billedBytes: bill.isComplete ? spent : max(spent, reservation.bytes))
    }
    return try await body(&bill)
  }

  func reader(of query: AthenaQuery, _ expectedBucketOwner: String?) -> ResultReader {
    ResultReader(
      query: query, pages: PageReader(athena: athena, calls: calls, query: query),
      objects: ResultObjects(client: storage, expectedBucketOwner: expectedBucketOwner))
  }

  func answer(
    _ result: ResultReader.Outcome, _ success: QueryRunner.Success, _ bill: AthenaBill
  ) -> AthenaAnswer {
    let statistics = success.query.statistics
    let queue = statistics?.queryQueueTimeInMillis ?? 0
    let total = statistics?.totalExecutionTimeInMillis ?? statistics?.engineExecutionTimeInMillis ?? 0
    return AthenaAnswer(
      schema: result.schema,
      receipt: AthenaReceipt(
        queryID: success.query.queryExecutionId, scannedBytes: bill.scannedBytes,
        billedBytes: bill.billedBytes,
        dollars: price.dollars(billedBytes: bill.billedBytes), queueTime: .milliseconds(queue),
        runTime: .milliseconds(max(0, total - queue)),
        isReused: statistics?.resultReuseInformation?.reusedPreviousResult ?? false, way: result.way,
        attempts: success.attempts, rows: result.rows))
  }
}

public import TokyoDataCore
public import TokyoDataLake

/// The cold store that lets Athena read the lake.
///
/// A query names the versions it means, so what it answers does not depend on when it runs. Before that the
/// partitions, manifests and files of its versions are looked for, each once: Athena would take what is missing
/// for no rows. Groups are partial states, computed in Athena; what is merged with hot is the same as from any
/// other cold store.
///
/// Reads that are small, and the few that Athena's SQL cannot say exactly, the store does itself, from the lake's
/// files. What a read costs is in its statistics.
///
/// ```swift
/// let cold = AthenaColdStore(lake, database: "billing", workgroup: "reports", session: session)
/// ```
public struct AthenaColdStore: ColdStore {
  /// `athena`.
  public let name = "athena"
  /// How queries are run.
  public let options: AthenaOptions
  let database: String
  let workgroup: String
  let engine: AthenaEngine
  let presence: VersionPresence
  private let files: LakeColdStore

  /// Makes a store; it connects when it is first used.
  ///
  /// - Parameters:
  ///   - lake: The lake, with a catalog that Athena sees.
  ///   - database: The catalog's database in Glue.
  ///   - workgroup: The workgroup in which queries run; it has a place for results.
  ///   - session: Region, credentials and endpoint.
  ///   - options: Deadlines, budget and the like.
  public init(
    _ lake: Lake, database: String, workgroup: String, session: AWSSession,
    options: AthenaOptions = AthenaOptions()
  ) {
    self.init(
      lake, database: database, workgroup: workgroup, engine: AthenaEngine(session: session), options: options
    )
  }

  init(_ lake: Lake, database: String, workgroup: String, engine: AthenaEngine, options: AthenaOptions) {
    self.database = database
    self.workgroup = workgroup
    // One price for what is estimated, told and charged.
    var engine = engine
    if let budget = options.budget { engine.price = budget.price }
    self.engine = engine
    self.options = options
    presence = VersionPresence(lake)
    files = LakeColdStore(lake)
  }

  /// Reads the part of a query that lies in the versions: by a query in Athena, or several where it is too long
  /// for one.
  ///
  /// - Throws: `TokyoDataError.notFound` naming the day of a version that is not there whole, `.budgetExceeded`
  ///   before a query is sent that the budget does not allow, `.timeout`; `CancellationError`, and the query is
  ///   stopped.
  public func read(
    _ query: ResolvedQuery, from versions: [PinnedVersion], _ consume: (ColumnBatch) async throws -> Void
  ) async throws -> ReadStatistics {
    let surviving = versions.filter { query.mayMatch($0.record) }
    let estimate = query.encodedBytes(in: surviving)
    guard let statements = try statements(query, surviving, reading: estimate) else {
      return try await files.read(query, from: surviving, consume)
    }
    try await presence.require(surviving.map(\.record), of: query.dataset)
    var statistics = ReadStatistics()
    for statement in statements {
      var request = request(statement, reading: estimate / statements.count)
      request.schema = query.partialSchema
      request.isLong = query.isLong(in: surviving)
      let answer = try await engine.run(request) { batch in
        statistics.rows += query.rowsCounted(in: batch)
        try await consume(batch)
      }
      statistics.bytes += answer.receipt.scannedBytes
      statistics.dollars += answer.receipt.dollars
      if answer.receipt.isReused { statistics.isReused = true }
    }
    return statistics
  }

  /// The encoded bytes of the query's columns in the versions that may match, and what Athena asks for that.
  public func estimate(_ query: ResolvedQuery, from versions: [PinnedVersion]) -> ScanEstimate {
    let surviving = versions.filter { query.mayMatch($0.record) }
    let bytes = query.encodedBytes(in: surviving)
    guard !surviving.isEmpty, !isSmall(bytes, surviving) else { return ScanEstimate(bytes: bytes) }
    let billed = engine.price.billedBytes(scanned: bytes)
    return ScanEstimate(bytes: bytes, dollars: engine.price.dollars(billedBytes: billed))
  }

  /// What Athena is asked; nil where the lake's files are read without it.
  private func statements(
    _ query: ResolvedQuery, _ versions: [PinnedVersion], reading bytes: Int
  ) throws(TokyoDataError) -> [AthenaStatement]? {
    guard !isSmall(bytes, versions) else { return nil }
    let table = AthenaTable.versions(of: query.dataset, in: database, catalog: options.catalog)
    do throws(TokyoDataError) {
      return try AthenaQuerySQL(query: query, table: table).statements(from: versions)
    } catch {
      guard error.code == .unsupported else { throw error }
      return nil
    }
  }

  private func isSmall(_ bytes: Int, _ versions: [PinnedVersion]) -> Bool {
    bytes <= options.smallRead.bytes && versions.count <= options.smallRead.versions
  }
}

extension AthenaColdStore {
  /// A statement with what the store's options say of how it runs.
  func request(_ statement: AthenaStatement, reading bytes: Int?) -> AthenaRequest {
    var request = AthenaRequest(statement)
    request.catalog = options.catalog
    request.database = database
    request.workGroup = workgroup
    request.outputLocation = options.outputLocation
    request.expectedBucketOwner = options.expectedBucketOwner
    request.way = options.resultWay
    request.reuseMinutes = options.reuseMinutes
    request.queueDeadline = options.queueDeadline
    request.runDeadline = options.runDeadline
    request.attempts = options.attempts
    request.estimatedBytes = bytes
    request.budget = options.budget
    return request
  }
}

extension ResolvedQuery {
  /// From so many rows on an answer is long: as pages it would take a hundred calls.
  private static let longRows = 100_000

  /// The part of the query that lies in versions has many rows; those of groups and behind filters are few mostly, and
  /// cut-off ones have an order.
  func isLong(in versions: [PinnedVersion]) -> Bool {
    guard !query.isGrouped, query.limit == nil, filter == nil else { return false }
    return versions.reduce(0) { $0 + $1.record.rowHash.rowCount } >= Self.longRows
  }
}

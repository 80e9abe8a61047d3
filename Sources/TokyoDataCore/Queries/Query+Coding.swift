/// The JSON form of a query, as files and the command line have it.
///
/// `{"dataset", "from", "until", "where", "select", "groupBy", "aggregates", "having", "orderBy", "limit",
/// "kind", "latency", "freshness", "acceptPartial", "cache", "maxAge", "format"}`; all but the dataset may be
/// absent, unknown keys are ignored, and a higher format is refused. `maxAge` is in seconds.
extension Query: Codable {
  /// Reads the JSON form.
  ///
  /// - Throws: `TokyoDataError.invalidArgument` for operations and forms that do not exist, `.unsupported`
  ///   for a higher format.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: QueryKey.self)
    let format = try container.decodeIfPresent(Int.self, forKey: "format") ?? Self.currentFormat
    guard format <= Self.currentFormat else {
      throw TokyoDataError(
        .unsupported, "the query has format \(format); this code reads \(Self.currentFormat)")
    }
    self.init(try container.decode(DatasetName.self, forKey: "dataset"))
    timeRange = TimeRange(
      from: try Self.instant("from", container), until: try Self.instant("until", container))
    filter = try container.decodeIfPresent(Filter.self, forKey: "where")
    projections = try container.decodeIfPresent([Projection].self, forKey: "select") ?? []
    groupings = try container.decodeIfPresent([Grouping].self, forKey: "groupBy") ?? []
    aggregates = try container.decodeIfPresent([Aggregate].self, forKey: "aggregates") ?? []
    having = try container.decodeIfPresent(Filter.self, forKey: "having")
    orderings = try container.decodeIfPresent([Ordering].self, forKey: "orderBy") ?? []
    limit = try container.decodeIfPresent(Int.self, forKey: "limit")
    needs = QueryNeeds(
      kind: try container.decodeIfPresent(QueryKind.self, forKey: "kind"),
      latency: try container.decodeIfPresent(LatencyNeed.self, forKey: "latency") ?? .interactive,
      freshness: try container.decodeIfPresent(FreshnessNeed.self, forKey: "freshness") ?? .latest,
      acceptPartial: try container.decodeIfPresent(Bool.self, forKey: "acceptPartial") ?? false,
      usesCache: try container.decodeIfPresent(Bool.self, forKey: "cache") ?? true,
      maximumAge: try Self.seconds("maxAge", container))
  }

  /// Writes the JSON form, without what has its default.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: QueryKey.self)
    try container.encode(Self.currentFormat, forKey: "format")
    try container.encode(dataset, forKey: "dataset")
    try container.encodeIfPresent(timeRange.from, forKey: "from")
    try container.encodeIfPresent(timeRange.until, forKey: "until")
    try container.encodeIfPresent(filter, forKey: "where")
    if !projections.isEmpty { try container.encode(projections, forKey: "select") }
    if !groupings.isEmpty { try container.encode(groupings, forKey: "groupBy") }
    if !aggregates.isEmpty { try container.encode(aggregates, forKey: "aggregates") }
    try container.encodeIfPresent(having, forKey: "having")
    if !orderings.isEmpty { try container.encode(orderings, forKey: "orderBy") }
    try container.encodeIfPresent(limit, forKey: "limit")
    try container.encodeIfPresent(needs.kind, forKey: "kind")
    if needs.latency != .interactive { try container.encode(needs.latency, forKey: "latency") }
    if needs.freshness != .latest { try container.encode(needs.freshness, forKey: "freshness") }
    if needs.acceptPartial { try container.encode(true, forKey: "acceptPartial") }
    if !needs.usesCache { try container.encode(false, forKey: "cache") }
    try container.encodeIfPresent(needs.maximumAge.map { $0 / .seconds(1) }, forKey: "maxAge")
  }

  private static func seconds(
    _ key: QueryKey, _ container: KeyedDecodingContainer<QueryKey>
  ) throws -> Duration? {
    guard let seconds = try container.decodeIfPresent(Double.self, forKey: key) else { return nil }
    guard (0...1e9).contains(seconds) else {
      throw TokyoDataError(
        .invalidArgument, "\"\(key.stringValue)\" is a number of seconds from 0 to 1000000000")
    }
    return .seconds(seconds)
  }

  /// An instant, or a date, which means its first instant.
  private static func instant(
    _ key: QueryKey, _ container: KeyedDecodingContainer<QueryKey>
  ) throws -> Timestamp? {
    guard let text = try container.decodeIfPresent(String.self, forKey: key) else { return nil }
    if let instant = Timestamp(text) { return instant }
    guard let day = Day(text) else {
      throw TokyoDataError(
        .invalidArgument, "\"\(key.stringValue)\" is an instant YYYY-MM-DDTHH:MM:SSZ or a date YYYY-MM-DD")
    }
    return day.start
  }
}

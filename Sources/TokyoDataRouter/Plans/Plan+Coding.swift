internal import TokyoDataCore

extension Plan: Codable {
  private enum Key: String, CodingKey { case format, dataset, kind, asOf, runs, scannedBytes, dollars }

  /// Reads a plan; unknown fields are ignored, a higher format is refused.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let format = try container.decode(Int.self, forKey: .format)
    guard format <= Self.currentFormat else {
      throw TokyoDataError(
        .unsupported, "the plan has format \(format); this code reads \(Self.currentFormat)")
    }
    try self.init(
      dataset: container.decode(DatasetName.self, forKey: .dataset),
      kind: container.decode(QueryKind.self, forKey: .kind),
      asOf: container.decode(Timestamp.self, forKey: .asOf),
      runs: container.decode([Run].self, forKey: .runs),
      estimate: ScanEstimate(
        bytes: container.decode(Int.self, forKey: .scannedBytes),
        dollars: container.decode(Double.self, forKey: .dollars)))
  }

  /// Writes the plan with its format number.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(Self.currentFormat, forKey: .format)
    try container.encode(dataset, forKey: .dataset)
    try container.encode(kind, forKey: .kind)
    try container.encode(asOf, forKey: .asOf)
    try container.encode(runs, forKey: .runs)
    try container.encode(estimate.bytes, forKey: .scannedBytes)
    try container.encode(estimate.dollars, forKey: .dollars)
  }
}

extension Plan.Run: Codable {
  private enum Key: String, CodingKey {
    case first, last, tier, source, reason, versions, leftOut, bytes, dollars
  }

  /// Reads a run; what is absent is nil, empty or false.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    try self.init(
      first: container.decodeIfPresent(Day.self, forKey: .first),
      last: container.decodeIfPresent(Day.self, forKey: .last),
      tier: container.decode(Tier.self, forKey: .tier),
      source: container.decodeIfPresent(String.self, forKey: .source),
      reason: container.decode(String.self, forKey: .reason),
      versions: container.decodeIfPresent([VersionID].self, forKey: .versions) ?? [],
      isLeftOut: container.decodeIfPresent(Bool.self, forKey: .leftOut) ?? false,
      bytes: container.decodeIfPresent(Int.self, forKey: .bytes),
      dollars: container.decodeIfPresent(Double.self, forKey: .dollars))
  }

  /// Writes the run without what is nil, empty or false.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encodeIfPresent(first, forKey: .first)
    try container.encodeIfPresent(last, forKey: .last)
    try container.encode(tier, forKey: .tier)
    try container.encodeIfPresent(source, forKey: .source)
    try container.encode(reason, forKey: .reason)
    if !versions.isEmpty { try container.encode(versions, forKey: .versions) }
    if isLeftOut { try container.encode(isLeftOut, forKey: .leftOut) }
    try container.encodeIfPresent(bytes, forKey: .bytes)
    try container.encodeIfPresent(dollars, forKey: .dollars)
  }
}

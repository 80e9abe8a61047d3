/// What a router does at most for one query.
public struct RouterLimits: Hashable, Sendable {
  /// Rows of retired days, held by hot, whose keys a query ships to the cold store; beyond it is an error,
  /// and an export must merge them first.
  public var overlayKeys: Int
  /// Bytes of copies that a point query may scan when hot does not hold its key; beyond it is an error.
  public var pointBytes: Int
  /// How often a query starts, when versions that it reads are condemned meanwhile.
  public var attempts: Int

  /// Makes limits; unless said otherwise 100,000 keys, 1 GB for a point query, five attempts.
  public init(overlayKeys: Int = 100_000, pointBytes: Int = 1_000_000_000, attempts: Int = 5) {
    self.overlayKeys = overlayKeys
    self.pointBytes = pointBytes
    self.attempts = attempts
  }
}

/// How `AthenaColdStore` runs its queries.
public struct AthenaOptions: Sendable {
  /// The data source; Glue's own where nil.
  public var catalog: String?
  /// Where results go, `s3://bucket/prefix/`; nil for the workgroup's own place, which a workgroup that enforces
  /// its configuration takes in any case.
  public var outputLocation: String?
  /// The account that must own the bucket of the results.
  public var expectedBucketOwner: String?
  /// How rows come from Athena; nil to choose for each query.
  public var resultWay: AthenaResultWay?
  /// How old an earlier result of the same query may be that is given once more, in minutes; nil for none.
  ///
  /// TokyoData's own queries name immutable versions, so that theirs cannot be stale; a statement of yours that
  /// names no dataset may read anything.
  public var reuseMinutes: Int?
  /// How long a query may wait before it runs.
  public var queueDeadline: Duration
  /// How long a query may run.
  public var runDeadline: Duration
  /// How often a query is started where Athena says that it may succeed the next time.
  public var attempts: Int
  /// What queries may cost; nil for any.
  public var budget: AthenaBudget?
  /// Up to where the store reads the lake's files itself.
  public var smallRead: SmallRead

  /// A read that is over before Athena would have begun.
  public struct SmallRead: Hashable, Sendable {
    /// Encoded bytes of the columns that it takes.
    public var bytes: Int
    /// Versions in which they lie.
    public var versions: Int

    /// Makes a limit.
    public init(bytes: Int, versions: Int) {
      self.bytes = bytes
      self.versions = versions
    }

    /// Every read goes to Athena.
    public static let none = SmallRead(bytes: -1, versions: 0)
  }

  /// Makes the usual options.
  ///
  /// The defaults wait up to 10 minutes in the queue and 30 for the run, start a query three times at most, and
  /// read up to 4 MB of up to 8 versions without Athena.
  public init() {
    queueDeadline = .seconds(600)
    runDeadline = .seconds(1_800)
    attempts = 3
    smallRead = SmallRead(bytes: 4_000_000, versions: 8)
  }
}

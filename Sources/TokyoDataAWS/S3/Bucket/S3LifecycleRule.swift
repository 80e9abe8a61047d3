/// A rule by which S3 moves or removes the objects of a bucket by their age.
///
/// What S3 knows and this type does not, such as rules about earlier versions beyond their expiry, is kept as
/// it was read and written back.
public struct S3LifecycleRule: Hashable, Sendable {
  /// The rule's name, at most 255 characters, no two alike in a bucket.
  public var id: String
  /// The rule is in force.
  public var isEnabled: Bool
  /// Which objects it is for.
  public var filter: Filter
  /// When objects move into other classes.
  public var transitions: [Transition]
  /// Days after which objects are removed.
  public var expirationDays: Int?
  /// Days after which earlier versions are removed, in a bucket that keeps them.
  public var earlierVersionDays: Int?
  /// Days after which an upload that nobody finished is ended; not for filters by tag or size.
  public var unfinishedUploadDays: Int?
  /// Elements of S3's document that have no property here.
  var others: [XMLElement] = []

  /// Makes a rule.
  public init(
    id: String, isEnabled: Bool = true, filter: Filter = Filter(), transitions: [Transition] = [],
    expirationDays: Int? = nil, earlierVersionDays: Int? = nil, unfinishedUploadDays: Int? = nil
  ) {
    self.id = id
    self.isEnabled = isEnabled
    self.filter = filter
    self.transitions = transitions
    self.expirationDays = expirationDays
    self.earlierVersionDays = earlierVersionDays
    self.unfinishedUploadDays = unfinishedUploadDays
  }

  /// Which objects a rule is for: those that meet all that is given.
  public struct Filter: Hashable, Sendable {
    /// What their keys begin with.
    public var prefix: String?
    /// Their tags.
    public var tags: [String: String]
    /// They are larger than so many bytes.
    public var largerThan: Int?
    /// They are smaller than so many bytes.
    public var smallerThan: Int?

    /// Makes a filter; one of nothing is for all objects.
    public init(
      prefix: String? = nil, tags: [String: String] = [:], largerThan: Int? = nil, smallerThan: Int? = nil
    ) {
      self.prefix = prefix
      self.tags = tags
      self.largerThan = largerThan
      self.smallerThan = smallerThan
    }
  }

  /// A move into another class.
  public struct Transition: Hashable, Sendable {
    /// The age of the object; the classes of infrequent access need 30 days.
    public var days: Int
    /// The class.
    public var storageClass: S3StorageClass

    /// Makes a transition.
    public init(days: Int, to storageClass: S3StorageClass) {
      self.days = days
      self.storageClass = storageClass
    }
  }
}

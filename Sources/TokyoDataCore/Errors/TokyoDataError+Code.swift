extension TokyoDataError {
  /// A broad kind of error; more may be added, so a `switch` needs a `default`.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    fileprivate let known: Known

    /// Its name, as it stands in logs and in the JSON of the command line.
    public var description: String { known.rawValue }

    /// A definition, an option or a request makes no sense.
    public static let invalidArgument = Code(known: .invalidArgument)
    /// No such dataset.
    public static let unknownDataset = Code(known: .unknownDataset)
    /// No such column.
    public static let unknownColumn = Code(known: .unknownColumn)
    /// A value or column has another type than needed.
    public static let typeMismatch = Code(known: .typeMismatch)
    /// A value does not fit: overflow, infinity, too many digits.
    public static let valueOutOfRange = Code(known: .valueOutOfRange)
    /// Meaningful, but not something we do.
    public static let unsupported = Code(known: .unsupported)
    /// What the request needs is not there: a version, a file, a day that was never exported.
    public static let notFound = Code(known: .notFound)
    /// Somebody else changed what this request began from.
    public static let conflict = Code(known: .conflict)
    /// Another run, or a lock, is in the way.
    public static let busy = Code(known: .busy)
    /// Two copies of the same rows differ.
    public static let verificationFailed = Code(known: .verificationFailed)
    /// Stored bytes are not what they claim to be.
    public static let invalidData = Code(known: .invalidData)
    /// Days that the query needs cannot be read: expired, suspect, or no longer in hot.
    public static let daysUnavailable = Code(known: .daysUnavailable)
    /// It would cost, or did cost, more than it may.
    public static let budgetExceeded = Code(known: .budgetExceeded)
    /// The caller may not do that.
    public static let permissionDenied = Code(known: .permissionDenied)
    /// The server cannot be reached or went away.
    public static let unavailable = Code(known: .unavailable)
    /// The deadline passed.
    public static let timeout = Code(known: .timeout)
    /// The server refused or failed the request.
    public static let serverError = Code(known: .serverError)
    /// A promise of ours is broken: please report it.
    public static let `internal` = Code(known: .internal)

    /// All codes, for tables and tests.
    public static var all: [Code] { Known.allCases.map(Code.init(known:)) }
  }

  fileprivate enum Known: String, CaseIterable {
    case invalidArgument, unknownDataset, unknownColumn, typeMismatch, valueOutOfRange, unsupported
    case notFound, conflict, busy, verificationFailed, invalidData, daysUnavailable, permissionDenied
    case budgetExceeded, unavailable, timeout, serverError, `internal`
  }

  /// Whose move it is after an error.
  @nonexhaustive
  public enum Category: Hashable, Sendable {
    /// The same request may succeed when repeated.
    case transient
    /// A service is not there now.
    case unavailable
    /// The caller must change something.
    case callerFault
    /// The server failed.
    case server
    /// We failed.
    case `internal`
  }

  /// Whose move it is, derived from the code.
  public var category: Category {
    switch code.known {
    case .conflict, .busy, .timeout: .transient
    case .unavailable: .unavailable
    case .invalidArgument, .unknownDataset, .unknownColumn, .typeMismatch, .valueOutOfRange, .unsupported,
      .notFound, .daysUnavailable, .budgetExceeded, .permissionDenied:
      .callerFault
    case .serverError, .invalidData, .verificationFailed: .server
    case .internal: .internal
    }
  }

  /// Repeating the same request may help.
  public var isRetryable: Bool {
    switch category {
    case .transient, .unavailable: true
    case .callerFault, .server, .internal: false
    }
  }
}

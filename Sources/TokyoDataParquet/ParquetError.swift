/// What can be wrong with a Parquet file or with what is to be written into one; never shows values.
public struct ParquetError: Error, Hashable, Sendable {
  /// The kind of error; more may be added.
  public struct Code: Hashable, Sendable {
    let name: String

    /// The bytes are no Parquet file, or contradict themselves or the format.
    public static let corrupted = Code(name: "corrupted")
    /// A page's bytes do not have the checksum that its header states.
    public static let checksumMismatch = Code(name: "checksumMismatch")
    /// A type, encoding or layout that this module does not handle.
    public static let unsupported = Code(name: "unsupported")
    /// A compression codec that this module does not handle.
    public static let unsupportedCodec = Code(name: "unsupportedCodec")
    /// The file or the column is encrypted.
    public static let encrypted = Code(name: "encrypted")
    /// Reading would take more memory than ``ParquetLimits`` allow.
    public static let limitExceeded = Code(name: "limitExceeded")
    /// No column has the name.
    public static let unknownColumn = Code(name: "unknownColumn")
    /// A batch does not fit the writer's schema.
    public static let schemaMismatch = Code(name: "schemaMismatch")
    /// A value cannot be kept exactly in its column.
    public static let valueOutOfRange = Code(name: "valueOutOfRange")
    /// An option or argument is impossible.
    public static let invalidArgument = Code(name: "invalidArgument")
    /// The profile of the file does not allow it; see ``ParquetProfile``.
    public static let outsideProfile = Code(name: "outsideProfile")
    /// The operating system refused a file operation.
    public static let fileOperationFailed = Code(name: "fileOperationFailed")
  }

  /// The kind of error.
  public var code: Code
  /// What is wrong, in words, without any row's values.
  public var message: String
  /// The column it concerns, as a dotted path, where one is known.
  public var column: String?
  /// The position of the row group it concerns, where one is known.
  public var rowGroup: Int?
  /// The position in the file, in bytes from its start, where one is known.
  public var offset: Int?

  /// Makes an error of a kind with a message and, where known, its place.
  public init(
    _ code: Code, _ message: String, column: String? = nil, rowGroup: Int? = nil, offset: Int? = nil
  ) {
    self.code = code
    self.message = message
    self.column = column
    self.rowGroup = rowGroup
    self.offset = offset
  }

  /// The same error with a place, where it did not know one yet.
  func at(column: String? = nil, rowGroup: Int? = nil) -> ParquetError {
    var copy = self
    copy.column = copy.column ?? column
    copy.rowGroup = copy.rowGroup ?? rowGroup
    return copy
  }

  static func corrupted(_ message: String, offset: Int? = nil) -> ParquetError {
    ParquetError(.corrupted, message, offset: offset)
  }
}

extension ParquetError: CustomStringConvertible {
  /// Code, message and place, without values.
  public var description: String {
    var places: [String] = []
    if let column { places.append("column \(column)") }
    if let rowGroup { places.append("row group \(rowGroup)") }
    if let offset { places.append("byte \(offset)") }
    return "\(code): \(message)" + (places.isEmpty ? "" : " (\(places.joined(separator: ", ")))")
  }
}

extension ParquetError.Code: CustomStringConvertible {
  /// The code's name.
  public var description: String { name }
}

/// One way in which a stored version is not what it should be.
public struct VersionFinding: Hashable, Sendable, CustomStringConvertible {
  /// The file's name in the version's folder; nil where none is concerned.
  public var file: String?
  /// The column; nil where none is concerned.
  public var column: String?
  /// What is wrong, without any row's values.
  public var message: String

  /// Makes a finding.
  public init(_ message: String, file: String? = nil, column: String? = nil) {
    self.message = message
    self.file = file
    self.column = column
  }

  /// The file, the message and the column.
  public var description: String {
    (file.map { "\($0): " } ?? "") + message + (column.map { " (column \($0))" } ?? "")
  }
}

public import TokyoDataCore

/// A URL by which whoever has it may read or write one object until its end, without keys of AWS.
///
/// Treat it like a password. Descriptions never show it.
public struct S3Link: Hashable, Sendable {
  /// The URL, with its signature.
  public var url: String
  /// `GET` or `PUT`.
  public var method: String
  /// Headers that the request must have exactly so: they are part of the signature.
  public var headers: [String: String]
  /// When S3 begins to refuse it: earlier than was asked for where the keys that signed it end before.
  public var expiration: Timestamp
}

extension S3Link: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Says only what it is for.
  public var description: String { "link to \(method) an object" }
  /// As `description`.
  public var debugDescription: String { description }
  /// Shows nothing.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

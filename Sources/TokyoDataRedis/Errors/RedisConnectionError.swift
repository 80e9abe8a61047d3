/// What went wrong between us and a Redis server, below its commands; names no host and no byte that came.
public struct RedisConnectionError: Error, Hashable, Sendable {
  /// The kind of error; more may be added.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    /// The code's name.
    public let description: String

    /// No connection could be made.
    public static let cannotConnect = Code(description: "cannotConnect")
    /// The connection ended while commands ran.
    public static let lost = Code(description: "lost")
    /// The server said nothing until a command's deadline, so the connection was given up.
    public static let silent = Code(description: "silent")
    /// What came is no reply, a reply nobody asked for, or one that is too long.
    public static let protocolViolation = Code(description: "protocolViolation")
    /// The server is a replica, or not the one it is said to be.
    public static let wrongRole = Code(description: "wrongRole")
    /// The connection was closed from this side.
    public static let closed = Code(description: "closed")
  }

  /// The kind of error.
  public var code: Code
  /// The system's number for the error, where it has one.
  public var systemError: Int32?

  /// Makes an error of a kind.
  public init(_ code: Code, systemError: Int32? = nil) {
    self.code = code
    self.systemError = systemError
  }
}

extension RedisConnectionError: CustomStringConvertible {
  /// The kind and the system's number.
  public var description: String { "\(code)" + (systemError.map { " (system error \($0))" } ?? "") }
}

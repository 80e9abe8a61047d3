internal import TokyoDataCore

/// A file operation that the operating system refused.
///
/// It names the call and no path.
public struct SystemCallError: Error, Hashable, Sendable {
  /// The system call, such as `open`.
  public var call: String
  /// The number of the error, as `errno` has it.
  public var number: Int32
}

extension SystemCallError: CustomStringConvertible {
  /// The call and the system's words for the error.
  public var description: String { "\(call): \(PosixFile.message(of: number))" }
}

extension TokyoDataError {
  /// A refused file operation in our terms, naming the object but not its folder.
  init(_ error: SystemCallError, object: String, store: String) {
    let code: Code =
      switch error.number {
      case PosixFile.notFound: .notFound
      case PosixFile.exists: .conflict
      // A key that leads through an object: absent for a reader, taken for a writer.
      case PosixFile.notADirectory: error.call == "open" ? .notFound : .conflict
      case PosixFile.denied, PosixFile.notPermitted, PosixFile.readOnly: .permissionDenied
      case PosixFile.noSpace, PosixFile.tooManyFiles: .unavailable
      default: .serverError
      }
    self.init(code, "\(object): \(error)", context: Context(store: store), cause: error)
  }
}

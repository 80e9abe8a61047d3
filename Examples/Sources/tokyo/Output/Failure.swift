internal import Foundation
internal import TokyoData
internal import TokyoDataParquet

/// What went wrong, in the form in which it is told: a code, a message, and names of where.
struct Failure: Sendable {
  var code: String
  var message: String
  var context: [JSON.Member] = []

  /// Work that failed.
  init(_ error: any Error) {
    switch error {
    case let error as TokyoDataError:
      self.init(error)
    case let error as ParquetError:
      self.init(error)
    case is CancellationError:
      self.init(code: "canceled", message: "the work was canceled")
    default:
      self.init(
        code: "\(TokyoDataError.Code.internal)", message: "an error without a kind: \(type(of: error))")
    }
  }

  init(_ error: TokyoDataError) {
    code = error.code.description
    message = error.message
    context = error.context.named.map { .init(name: $0.name, value: .string($0.value)) }
  }

  private init(_ error: ParquetError) {
    code = Self.code(of: error).description
    message = error.message
    context = [
      error.column.map { .init(name: "column", value: .string($0)) },
      error.rowGroup.map { .init(name: "rowGroup", value: .integer($0)) },
    ].compactMap { $0 }
  }

  private init(code: String, message: String) {
    self.code = code
    self.message = message
  }

  /// A command line that makes no sense.
  init(usage message: String) {
    code = TokyoDataError.Code.invalidArgument.description
    self.message = message
  }

  /// The same failure of a named file.
  func of(file: String) -> Failure {
    var copy = self
    copy.context.insert(.init(name: "file", value: .string(file)), at: 0)
    return copy
  }

  var json: JSON {
    ["error": ["code": .string(code), "message": .string(message), "context": .object(context)]]
  }

  var text: String {
    let places = context.map { member -> String in
      if case .string(let text) = member.value { return "\(member.name) \(text)" }
      if case .integer(let number) = member.value { return "\(member.name) \(number)" }
      return member.name
    }
    return "\(code): \(message)" + (places.isEmpty ? "" : " (\(places.joined(separator: ", ")))")
  }

  private static func code(of error: ParquetError) -> TokyoDataError.Code {
    switch error.code {
    case .corrupted, .checksumMismatch: .invalidData
    case .unsupported, .unsupportedCodec, .encrypted, .outsideProfile: .unsupported
    case .limitExceeded, .valueOutOfRange: .valueOutOfRange
    case .unknownColumn: .unknownColumn
    case .schemaMismatch: .typeMismatch
    case .fileOperationFailed: .notFound
    default: .invalidArgument
    }
  }
}

/// A failure that is thrown where no `TokyoDataError` fits.
struct FailureError: Error {
  var failure: Failure
}

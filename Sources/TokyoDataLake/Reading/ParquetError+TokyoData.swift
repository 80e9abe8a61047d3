package import TokyoDataCore
package import TokyoDataParquet

extension TokyoDataError {
  /// An error of a Parquet file in our terms, naming the file and the column.
  package init(_ error: ParquetError, file name: String, context: Context) {
    let code: Code =
      switch error.code {
      case .corrupted, .checksumMismatch: .invalidData
      case .unsupported, .unsupportedCodec, .encrypted, .limitExceeded, .outsideProfile: .unsupported
      case .unknownColumn: .unknownColumn
      case .schemaMismatch: .typeMismatch
      case .valueOutOfRange: .valueOutOfRange
      case .invalidArgument: .invalidArgument
      default: .serverError
      }
    self.init(
      code, "\(name): \(error.message)", context: Context(column: error.column).filled(from: context),
      cause: error)
  }
}

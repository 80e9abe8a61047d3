internal import TokyoDataCore

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

extension JSONDialect {
  /// The document of a request.
  ///
  /// - Throws: `TokyoDataError.invalidArgument` for what JSON cannot carry, such as an infinite number.
  func encode(_ input: some Encodable, for operation: AWSOperation) throws(TokyoDataError) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
    if isCapitalized { encoder.keyEncodingStrategy = .custom { Self.last($0, JSONMemberKey.capitalizing) } }
    do { return Array(try encoder.encode(input)) } catch {
      throw TokyoDataError(
        .invalidArgument, "the request cannot be written as JSON", context: .init(operation: operation.name))
    }
  }

  /// Reads the document of an answer; members that we do not know are ignored.
  ///
  /// An answer without a document is read as an empty one.
  ///
  /// - Throws: `TokyoDataError.invalidData` that names operation and member, never a value.
  func decode<Output: Decodable>(
    _: Output.Type, from bytes: [UInt8], of operation: AWSOperation
  ) throws(TokyoDataError) -> Output {
    let decoder = JSONDecoder()
    if isCapitalized { decoder.keyDecodingStrategy = .custom { Self.last($0, JSONMemberKey.lowercasing) } }
    do {
      return try decoder.decode(Output.self, from: bytes.isEmpty ? Data("{}".utf8) : Data(bytes))
    } catch {
      // The decoder's own error quotes what it found, so it is not passed on.
      throw TokyoDataError(
        .invalidData,
        "the answer to \(operation.name) cannot be read\((error as? DecodingError).map(Self.place) ?? "")",
        context: .init(operation: operation.name))
    }
  }

  private static func last(
    _ path: [any CodingKey], _ change: (any CodingKey) -> JSONMemberKey
  ) -> JSONMemberKey {
    path.last.map(change) ?? JSONMemberKey(stringValue: "")
  }

  /// Where the decoder stopped, and why.
  private static func place(of error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, let context): ": \(named(context.codingPath + [key])) is missing"
    case .valueNotFound(_, let context): ": \(named(context.codingPath)) is null"
    case .typeMismatch(_, let context): ": \(named(context.codingPath)) has another type"
    case .dataCorrupted(let context):
      context.codingPath.isEmpty
        ? ": it is not JSON" : ": \(named(context.codingPath)) makes no sense"
    @unknown default: ""
    }
  }

  /// Members are named as the properties that stand for them; a map's keys come from outside, so not at any
  /// length.
  private static func named(_ path: [any CodingKey]) -> String {
    guard !path.isEmpty else { return "the document" }
    return path.map { key in key.intValue.map { "[\($0)]" } ?? String(key.stringValue.prefix(64)) }
      .joined(separator: ".")
  }
}

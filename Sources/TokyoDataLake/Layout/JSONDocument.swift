internal import TokyoDataCore

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// The JSON of manifests and catalogs: readable, with its keys in a fixed order.
enum JSONDocument {
  static func encode(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
  }

  /// Reads a document.
  ///
  /// - Parameter what: What it is, for errors, such as `the manifest`.
  /// - Throws: `TokyoDataError.invalidData` for anything else, or what the type itself throws in our terms.
  static func decode<Value: Decodable>(
    _: Value.Type, from bytes: [UInt8], what: String
  ) throws(TokyoDataError) -> Value {
    do { return try JSONDecoder().decode(Value.self, from: Data(bytes)) } catch let error as TokyoDataError {
      throw error
    } catch {
      throw TokyoDataError(.invalidData, "\(what) cannot be read", cause: error)
    }
  }
}

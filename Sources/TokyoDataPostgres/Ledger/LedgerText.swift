internal import Foundation
internal import TokyoDataCore

/// Definitions and summaries in the ledger are JSON with sorted keys, so equal values are equal texts.
enum LedgerText {
  static func encode(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  static func decode<Value: Decodable>(_: Value.Type, from text: String) throws -> Value {
    do { return try JSONDecoder().decode(Value.self, from: Data(text.utf8)) } catch let error
      as TokyoDataError
    {
      throw error
    } catch {
      throw TokyoDataError(.invalidData, "the ledger holds a definition that cannot be read", cause: error)
    }
  }
}

internal import Logging

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// An event as a line of JSON, which Logs Insights takes apart by itself.
struct LogLine: Encodable {
  var level: String
  var label: String
  var source: String?
  var message: String
  var error: String?
  var metadata: [String: LogValue]?

  /// The line; where it cannot be written as JSON, the message alone.
  var text: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? message
  }
}

/// A value of an event's metadata.
struct LogValue: Encodable {
  let value: Logger.MetadataValue

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch value {
    case .string(let text): try container.encode(text)
    case .stringConvertible(let value): try container.encode(value.description)
    case .array(let values): try container.encode(values.map(LogValue.init))
    case .dictionary(let values): try container.encode(values.mapValues(LogValue.init))
    }
  }
}

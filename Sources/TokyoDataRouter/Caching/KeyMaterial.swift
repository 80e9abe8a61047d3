internal import Crypto
internal import TokyoDataCore

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// What a key is made of: every part with its length before it, so that no two lists of parts give one text.
struct KeyMaterial {
  private var bytes: [UInt8] = []

  mutating func add(_ part: [UInt8]) {
    add(part.count)
    bytes += part
  }

  mutating func add(_ list: [[UInt8]]) {
    add(list.count)
    for part in list { add(part) }
  }

  mutating func add(_ text: String) { add(Array(text.utf8)) }

  mutating func add(_ number: some BinaryInteger) {
    withUnsafeBytes(of: Int64(truncatingIfNeeded: number).littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// An absent number is none of those that can be present.
  mutating func add(_ instant: Timestamp?) {
    bytes.append(instant == nil ? 0 : 1)
    add(instant?.microsecondsSince1970 ?? 0)
  }

  /// - Throws: where the query has no coded form.
  mutating func add(_ query: Query) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    add(Array(try encoder.encode(query)))
  }

  /// A digest that nobody can meet on purpose: whoever chooses the literals of a query chooses what is hashed.
  var digest: [UInt8] { Array(SHA256.hash(data: bytes)) }
}

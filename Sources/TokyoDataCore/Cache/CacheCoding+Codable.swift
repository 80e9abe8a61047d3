#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

extension CacheCoding {
  /// A value as the value of a cache: its JSON, with the number of its form.
  ///
  /// - Parameters:
  ///   - value: What is to be kept.
  ///   - form: Give another one when the type changes in what its values mean.
  /// - Throws: what the value throws while it encodes itself; `TokyoDataError.valueOutOfRange` beyond 256 MB.
  public func bytes(of value: some Encodable, form: UInt64 = 1) throws -> [UInt8] {
    try seal(Array(JSONEncoder().encode(value)), .json, fingerprint: form)
  }

  /// The value that the bytes are, or nil where they are damaged, of another form or of another type.
  public func value<Value: Decodable>(
    _ type: Value.Type, from bytes: [UInt8], form: UInt64 = 1
  ) -> Value? {
    open(bytes, .json, fingerprint: form).flatMap { try? JSONDecoder().decode(type, from: Data($0)) }
  }
}

/// How typed values become the bytes of a cache, and how bytes that anybody may have written are checked.
///
/// Every value begins with a header of 32 bytes: the form's number, what kind of value it is, how it is
/// compressed, a fingerprint of its type or schema, its length before compression, and a checksum of all that
/// and of what follows. What does not fit in any of these is not a value, for the reader as good as absent.
///
/// The checksum finds damage. It does not keep out somebody who can write to the cache: give it to nobody.
public struct CacheCoding: Sendable {
  /// The form that this code writes, and the only one it reads.
  static let form: UInt8 = 1
  static let headerCount = 32
  /// The most bytes that a value may take before compression: 256 MB.
  static let longest = 256 << 20

  /// What follows a header.
  enum Kind: UInt8 {
    case json = 1
    case batch = 2
  }

  /// How larger values are compressed; nil for not at all.
  public var compressor: (any CacheCompressor)?
  /// Values of fewer bytes are not compressed.
  public var compressAbove: Int

  /// Makes a coding; unless said otherwise values of more than 1,024 bytes are compressed.
  public init(compressor: (any CacheCompressor)? = nil, compressAbove: Int = 1024) {
    self.compressor = compressor
    self.compressAbove = compressAbove
  }

  /// The payload behind its header, compressed where that is worth it.
  func seal(_ payload: [UInt8], _ kind: Kind, fingerprint: UInt64) throws(TokyoDataError) -> [UInt8] {
    guard payload.count <= Self.longest else {
      throw TokyoDataError(.valueOutOfRange, "a value of \(payload.count) bytes is too long for a cache")
    }
    var (body, compression) = (payload, UInt8(0))
    if let compressor, payload.count > compressAbove, let smaller = compressor.compress(payload),
      smaller.count < payload.count
    {
      (body, compression) = (smaller, compressor.id)
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.headerCount + body.count)
    bytes += [Self.form, kind.rawValue, compression, 0, 0, 0, 0, 0]
    bytes.append(littleEndian: fingerprint)
    bytes.append(littleEndian: UInt64(payload.count))
    bytes.append(littleEndian: XXH64.hash(body, seed: XXH64.hash(bytes, seed: 0)))
    return bytes + body
  }

  /// The payload of a value, or nil for bytes that are damaged or were meant as something else.
  func open(_ bytes: [UInt8], _ kind: Kind, fingerprint: UInt64) -> [UInt8]? {
    var reader = ByteReader(bytes)
    guard bytes.count >= Self.headerCount, bytes[0] == Self.form, bytes[1] == kind.rawValue,
      reader.skip(8), reader.integer(UInt64.self) == fingerprint,
      let count = reader.integer(UInt64.self).flatMap(Int.init(exactly:)), count <= Self.longest,
      let checksum = reader.integer(UInt64.self)
    else { return nil }
    let found = bytes.withUnsafeBytes { whole in
      let header = UnsafeRawBufferPointer(rebasing: whole[..<(Self.headerCount - 8)])
      let body = UnsafeRawBufferPointer(rebasing: whole[Self.headerCount...])
      return XXH64.hash(body, seed: XXH64.hash(header, seed: 0))
    }
    guard found == checksum else { return nil }
    let body = Array(bytes[Self.headerCount...])
    if bytes[2] == 0 { return body.count == count ? body : nil }
    guard let compressor, compressor.id == bytes[2], let payload = compressor.decompress(body, count: count),
      payload.count == count
    else { return nil }
    return payload
  }
}

extension [UInt8] {
  mutating func append(littleEndian value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }
}

internal import TokyoDataCore
public import TokyoDataLake

extension S3ObjectStore {
  /// The bytes of an object or of a range of it; large ones are read in several ranges at once.
  public func get(_ key: ObjectKey, range: Range<Int>?) async throws -> [UInt8] {
    var bytes: [UInt8] = []
    if let range, range.count <= 1 << 30 { bytes.reserveCapacity(range.count) }
    try await read(key, range: range) { bytes += $0 }
    return bytes
  }

  /// Hands on the bytes of an object, or of a range of it, piece by piece in order.
  ///
  /// Some ranges ahead are read meanwhile; `consume` holds them up while it runs. All come from one state of the
  /// object. When all of an object is read its checksum is compared: of a large one at the end only.
  ///
  /// - Throws: `TokyoDataError.notFound`; `.invalidData` where the range reaches beyond the object or the bytes
  ///   are not those that were put; `.conflict` where the object was replaced meanwhile; what `consume` throws;
  ///   `CancellationError`, and then no transfer goes on.
  public func read(
    _ key: ObjectKey, range: Range<Int>? = nil, _ consume: ([UInt8]) async throws -> Void
  ) async throws {
    if let range {
      guard range.lowerBound >= 0 else {
        throw TokyoDataError(.invalidArgument, "\(key.name): a range begins at 0 or later")
      }
      guard !range.isEmpty else { return try await checkEmpty(range, of: key) }
    }
    let path = path(of: key)
    let limit = max(1 << 16, options.rangeSize)
    let (head, pieces) = try await run(key.name) {
      guard let range else { return try await client.first(limit, of: path) }
      return try await client.range(range.prefix(limit), of: path, etag: nil)
    }
    var check = S3ChecksumCheck(range == nil ? head.checksum : nil)
    for piece in pieces {
      check.update(piece)
      try await consume(piece)
    }
    let whole = range ?? 0..<head.size
    guard whole.count > limit else { return }
    guard whole.upperBound <= head.size else {
      throw TokyoDataError.of(S3RangeError(range: whole, size: head.size), object: key.name, store: name)
    }
    let rest = RangeWindow(whole.dropFirst(limit), size: limit, width: max(1, options.width))
    try await rest.run { range in
      try await run(key.name) { try await client.range(range, of: path, etag: head.etag).pieces }
    } consume: { piece in
      check.update(piece)
      try await consume(piece)
    }
    guard check.isMet else {
      throw TokyoDataError(
        .invalidData, "\(key.name): the bytes do not have the checksum that S3 keeps",
        context: .init(store: name))
    }
  }

  /// A range without bytes lies in an object all the same.
  private func checkEmpty(_ range: Range<Int>, of key: ObjectKey) async throws {
    guard let size = try await size(of: key) else {
      throw TokyoDataError(.notFound, "\(key.name): no such object", context: .init(store: name))
    }
    guard range.upperBound <= size else {
      throw TokyoDataError.of(S3RangeError(range: range, size: size), object: key.name, store: name)
    }
  }
}

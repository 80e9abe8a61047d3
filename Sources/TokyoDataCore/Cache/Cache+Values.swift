/// What a cache holds of a typed value.
public enum CacheLookup<Value> {
  /// The value.
  case found(Value)
  /// Nothing.
  case absent
  /// Bytes that are damaged or were meant as something else: as good as nothing, and worth counting.
  case damaged

  /// The value; nil where there is none or it is damaged.
  public var value: Value? {
    if case .found(let value) = self { value } else { nil }
  }

  init(_ bytes: [UInt8]?, _ read: ([UInt8]) -> Value?) {
    if let bytes { self = read(bytes).map { .found($0) } ?? .damaged } else { self = .absent }
  }
}

extension CacheLookup: Sendable where Value: Sendable {}
extension CacheLookup: Equatable where Value: Equatable {}

extension Cache {
  /// The batches of the keys, in their order.
  ///
  /// - Throws: as the form for bytes; never for damaged ones.
  public func getBatches(
    _ keys: [CacheKey], schema: ColumnSchema, coding: CacheCoding = CacheCoding()
  ) async throws -> [CacheLookup<ColumnBatch>] {
    let fingerprint = schema.cacheFingerprint
    return try await get(keys).map { bytes in
      CacheLookup(bytes) { coding.batch(from: $0, schema: schema, fingerprint: fingerprint) }
    }
  }

  /// The value of a key.
  ///
  /// - Throws: as the form for bytes; never for damaged ones.
  public func getValue<Value: Decodable>(
    _ key: CacheKey, as type: Value.Type, form: UInt64 = 1, coding: CacheCoding = CacheCoding()
  ) async throws -> CacheLookup<Value> {
    CacheLookup(try await get(key)) { coding.value(type, from: $0, form: form) }
  }

  /// Sets a batch.
  ///
  /// - Throws: as the form for bytes; `unsupported` for columns of nested types.
  public func setBatch(
    _ key: CacheKey, to batch: ColumnBatch, expiry: CacheExpiry, coding: CacheCoding = CacheCoding()
  ) async throws {
    try await set(key, to: coding.bytes(of: batch), expiry: expiry)
  }

  /// Sets a value.
  ///
  /// - Throws: as the form for bytes, and what the value throws while it encodes itself.
  public func setValue(
    _ key: CacheKey, to value: some Encodable, expiry: CacheExpiry, form: UInt64 = 1,
    coding: CacheCoding = CacheCoding()
  ) async throws {
    try await set(key, to: coding.bytes(of: value, form: form), expiry: expiry)
  }
}

extension Cache {
  /// The value of a key; nil where it is absent.
  ///
  /// - Throws: as the form for several keys.
  public func get(_ key: CacheKey) async throws -> [UInt8]? {
    try await get([key]).first ?? nil
  }

  /// The value of a key with what is left of its life; nil where it is absent.
  ///
  /// - Throws: as the form for several keys.
  public func getEntry(_ key: CacheKey) async throws -> CacheEntry? {
    try await getEntries([key]).first ?? nil
  }

  /// Sets the value of a key, whatever was there before.
  ///
  /// - Throws: as the form for several keys.
  public func set(_ key: CacheKey, to value: [UInt8], expiry: CacheExpiry) async throws {
    try await set([CacheItem(key, value, expiry: expiry)])
  }

  /// Sets the value of a key where it is absent.
  ///
  /// - Returns: whether it was absent, and so was set.
  /// - Throws: as `exchange`.
  public func setIfAbsent(_ key: CacheKey, to value: [UInt8], expiry: CacheExpiry) async throws -> Bool {
    try await exchange(key, from: nil, to: value, expiry: expiry)
  }

  /// Replaces the value of a key where it is `expected`.
  ///
  /// - Returns: whether it was, and so was replaced.
  /// - Throws: as `exchange`.
  public func compareAndSet(
    _ key: CacheKey, expecting expected: [UInt8], to value: [UInt8], expiry: CacheExpiry
  ) async throws -> Bool {
    try await exchange(key, from: expected, to: value, expiry: expiry)
  }

  /// Deletes a key where its value is `expected`: how the holder of a lock gives up his own and no other.
  ///
  /// - Returns: whether it was, and so was deleted.
  /// - Throws: as `exchange`.
  public func compareAndDelete(_ key: CacheKey, expecting expected: [UInt8]) async throws -> Bool {
    try await exchange(key, from: expected, to: nil, expiry: .never)
  }

  /// Deletes the entry of a key.
  ///
  /// - Throws: as the form for several keys.
  public func delete(_ key: CacheKey) async throws {
    try await delete([key])
  }
}

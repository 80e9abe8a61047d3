extension CacheKey {
  /// Feeds all bytes at once: an array of bytes would feed them one by one.
  public func hash(into hasher: inout Hasher) {
    bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
  }
}

internal import TokyoDataTesting

/// A cache that breaks one sentence of the contract, and forwards all else to an in-memory one.
protocol BrokenCache: ForwardingCache where Inner == InMemoryCache {
  /// The sentence that it breaks.
  static var breaks: String { get }
  init(inner: InMemoryCache)
}

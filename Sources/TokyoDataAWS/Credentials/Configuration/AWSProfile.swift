/// One profile of the shared files: its keys in `config`, those of `credentials` over them.
struct AWSProfile: Sendable, Hashable {
  var name: String
  private(set) var values: SharedConfig.Section

  init(_ name: String, _ values: SharedConfig.Section = [:]) {
    self.name = name
    self.values = values
  }

  /// The text of a key; nil where it is absent, empty, or has a block.
  subscript(key: String) -> String? {
    guard case .text(let text) = values[key], !text.isEmpty else { return nil }
    return text
  }

  /// The keys with a text.
  var texts: [String: String] {
    values.compactMapValues { value in
      guard case .text(let text) = value, !text.isEmpty else { return nil }
      return text
    }
  }

  /// The keys with a block.
  var blocks: [String: [String: String]] {
    values.compactMapValues { value in
      guard case .nested(let block) = value else { return nil }
      return block
    }
  }

  /// The key is there, empty or not.
  func has(_ key: String) -> Bool { values[key] != nil }

  /// The value of a name in the block of a key, as in `s3 =` with `addressing_style = path` below.
  subscript(block: String, key: String) -> String? {
    guard case .nested(let values) = values[block] else { return nil }
    return values[key].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// A key that says yes or no; nil where it is absent or says neither.
  func flag(_ key: String) -> Bool? { self[key].flatMap(AWSEnvironment.flag) }

  mutating func override(with values: SharedConfig.Section) {
    self.values.merge(values) { $1 }
  }

  var region: String? { self["region"] }
  /// The endpoint of every service that has none of its own.
  var endpointURL: String? { self["endpoint_url"] }
  /// The name of the `[services …]` section with endpoints of single services.
  var services: String? { self["services"] }
  var ignoresConfiguredEndpointURLs: Bool? { flag("ignore_configured_endpoint_urls") }
  var usesFIPSEndpoint: Bool? { flag("use_fips_endpoint") }
  var usesDualstackEndpoint: Bool? { flag("use_dualstack_endpoint") }
  /// The certificates to trust instead of the system's, as a path.
  var certificateBundle: String? { self["ca_bundle"] }
  var retryMode: String? { self["retry_mode"] }
  var maximumAttempts: String? { self["max_attempts"] }
}

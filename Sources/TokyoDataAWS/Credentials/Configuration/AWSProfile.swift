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

  mutating func override(with values: SharedConfig.Section) {
    self.values.merge(values) { $1 }
  }
}

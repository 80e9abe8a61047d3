/// A metric with its dimensions, in the words that CloudWatch takes.
struct MetricSeriesID: Hashable, Sendable {
  /// The most dimensions that a metric may have.
  static let mostDimensions = 30

  let name: String
  /// In the order of their names, so that the order in which they were given makes no other metric.
  let dimensions: [MetricLabel]

  /// Nil where nothing is left of the name.
  ///
  /// Dimensions without a value, and those beyond what CloudWatch takes, are left out; of two with the same
  /// name the last counts.
  init?(_ label: String, _ dimensions: [(String, String)], common: [(String, String)]) {
    guard let name = Self.text(label, upTo: 255) else { return nil }
    self.name = name
    var values: [String: String] = [:]
    for (name, value) in common + dimensions {
      guard let name = Self.text(name, upTo: 255), !name.hasPrefix(":"),
        let value = Self.text(value, upTo: 1_024)
      else { continue }
      values[name] = value
    }
    self.dimensions = values.sorted { $0.key < $1.key }.prefix(Self.mostDimensions)
      .map { MetricLabel(name: $0.key, value: $0.value) }
  }

  /// Printable ASCII, as CloudWatch takes it; nil where only blanks are left.
  private static func text(_ text: String, upTo length: Int) -> String? {
    let clean = text.unicodeScalars.prefix(length).map { (" "..."~").contains($0) ? Character($0) : "?" }
    return clean.contains { $0 != " " } ? String(clean) : nil
  }
}

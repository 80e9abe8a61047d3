internal import TokyoDataCore

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// Writes readings as lines of JSON that CloudWatch takes metrics out of: the embedded metric format.
struct EmbeddedMetricOutput: MetricOutput {
  /// The most metrics that one line may define.
  static let mostMetrics = 100
  /// The most values that we write into one: what carries logs may tear lines of many kilobytes.
  static let mostValues = 1_000

  /// The member that says which others are metrics.
  private static let directive = "_aws"

  let namespace: String
  let write: @Sendable ([UInt8]) -> Void

  func publish(_ all: [MetricDatum]) async -> MetricOutcome {
    var outcome = MetricOutcome()
    let data = all.filter(Self.canBeWritten)
    outcome.lost = all.count - data.count
    for line in lines(data) {
      do { write(try encode(line)) } catch { outcome.lost += line.data.count }
    }
    return outcome
  }

  /// A member of a line is either a metric or a dimension.
  private static func canBeWritten(_ datum: MetricDatum) -> Bool {
    let names = (datum.dimensions ?? []).map(\.name)
    return !names.contains(datum.metricName) && !(names + [datum.metricName]).contains(directive)
  }

  /// The data that share a line: of the same time and dimensions, each under a name of its own.
  private struct Line {
    var data: [MetricDatum] = []
    var names: Set<String> = []
    var values = 0

    func hasRoom(for datum: MetricDatum) -> Bool {
      data.count < mostMetrics && values + datum.valueCount <= mostValues && !names.contains(datum.metricName)
    }
  }

  private struct Group: Hashable {
    var dimensions: [MetricLabel]
    var time: EpochSeconds
  }

  private func lines(_ data: [MetricDatum]) -> [Line] {
    var lines: [Line] = []
    var open: [Group: [Int]] = [:]
    for datum in data {
      let group = Group(dimensions: datum.dimensions ?? [], time: datum.timestamp)
      let index = open[group, default: []].first { lines[$0].hasRoom(for: datum) }
      let place = index ?? lines.count
      if index == nil {
        open[group, default: []].append(place)
        lines.append(Line())
      }
      lines[place].data.append(datum)
      lines[place].names.insert(datum.metricName)
      lines[place].values += datum.valueCount
    }
    return lines
  }

  private func encode(_ line: Line) throws -> [UInt8] {
    guard let first = line.data.first else { return [] }
    let dimensions = first.dimensions ?? []
    var members: [String: EmbeddedValue] = [:]
    for dimension in dimensions { members[dimension.name] = .text(dimension.value) }
    for datum in line.data { members[datum.metricName] = .metric(datum) }
    members[Self.directive] = .directive(
      EmbeddedDirective(
        timestamp: first.timestamp.timestamp.microsecondsSince1970 / 1_000,
        cloudWatchMetrics: [
          .init(
            namespace: namespace, dimensions: [dimensions.map(\.name)],
            metrics: line.data.map { .init(name: $0.metricName, unit: $0.unit) })
        ]))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(members)) + [UInt8(ascii: "\n")]
  }
}

/// What tells CloudWatch which members of the line are metrics.
private struct EmbeddedDirective: Encodable {
  struct Metrics: Encodable {
    struct Metric: Encodable {
      var name: String
      var unit: MetricUnit

      enum CodingKeys: String, CodingKey {
        case name = "Name"
        case unit = "Unit"
      }
    }

    var namespace: String
    var dimensions: [[String]]
    var metrics: [Metric]

    enum CodingKeys: String, CodingKey {
      case namespace = "Namespace"
      case dimensions = "Dimensions"
      case metrics = "Metrics"
    }
  }

  /// Milliseconds since 1970.
  var timestamp: Int64
  var cloudWatchMetrics: [Metrics]

  enum CodingKeys: String, CodingKey {
    case timestamp = "Timestamp"
    case cloudWatchMetrics = "CloudWatchMetrics"
  }
}

/// A member of the line.
private enum EmbeddedValue: Encodable {
  case text(String)
  case metric(MetricDatum)
  case directive(EmbeddedDirective)

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let text): try container.encode(text)
    case .directive(let directive): try container.encode(directive)
    case .metric(let datum):
      if let value = datum.value {
        try container.encode(value)
      } else {
        try container.encode(Distribution(datum))
      }
    }
  }

  /// Values with their counts, as Amazon's own collectors write them.
  private struct Distribution: Encodable {
    let values: [Double]
    let counts: [Double]

    init(_ datum: MetricDatum) {
      values = datum.values ?? []
      counts = datum.counts ?? []
    }

    enum CodingKeys: String, CodingKey {
      case values = "Values"
      case counts = "Counts"
      case minimum = "Min"
      case maximum = "Max"
      case count = "Count"
      case sum = "Sum"
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(values, forKey: .values)
      try container.encode(counts, forKey: .counts)
      try container.encode(values.min() ?? 0, forKey: .minimum)
      try container.encode(values.max() ?? 0, forKey: .maximum)
      try container.encode(counts.reduce(0, +), forKey: .count)
      try container.encode(zip(values, counts).reduce(0) { $0 + $1.0 * $1.1 }, forKey: .sum)
    }
  }
}

internal import TokyoDataCore

extension Plan: CustomStringConvertible {
  /// A table: days, tier, source, number of days, bytes, dollars, reason; a line for each run.
  public var description: String {
    let rows = runs.map { run in
      [
        run.span, run.tier.rawValue, run.source ?? "", run.count, run.bytes.map(Self.size) ?? "",
        run.dollars.map(Self.price) ?? "", run.isLeftOut ? "left out: \(run.reason)" : run.reason,
      ]
    }
    let widths = (0..<7).map { column in rows.map { $0[column].count }.max() ?? 0 }
    // Numbers stand to the right, so that they can be compared at a glance.
    let isNumber = [false, false, false, true, true, true, false]
    return rows.map { row in
      let cells = row.indices.compactMap { column -> String? in
        if widths[column] == 0 { return nil }
        let blank = String(repeating: " ", count: widths[column] - row[column].count)
        if column == row.count - 1 { return row[column] }
        return isNumber[column] ? blank + row[column] : row[column] + blank
      }
      return cells.joined(separator: "  ")
    }.joined(separator: "\n")
  }

  /// A number of bytes with a decimal unit, such as `41.2 MB`.
  static func size(_ bytes: Int) -> String {
    let units = ["kB", "MB", "GB", "TB", "PB"]
    guard bytes >= 1000 else { return "\(bytes) B" }
    var tenths = (bytes / 10 + 5) / 10
    var unit = 0
    while tenths >= 10_000, unit < units.count - 1 {
      tenths = (tenths + 500) / 1000
      unit += 1
    }
    return "\(tenths / 10).\(tenths % 10) \(units[unit])"
  }

  /// An amount of dollars to four places, such as `$0.0002`; what is less but not nothing shows as much.
  static func price(_ dollars: Double) -> String {
    guard dollars.isFinite, dollars > 0 else { return "$0" }
    if dollars < 0.0001 { return "<$0.0001" }
    guard dollars < 1e12 else { return "$\(dollars)" }
    let places = Int((dollars * 10_000).rounded())
    let digits = String(places % 10_000)
    return "$\(places / 10_000).\(String(repeating: "0", count: 4 - digits.count))\(digits)"
  }
}

extension Plan.Run {
  fileprivate var span: String {
    switch (first, last) {
    case (let first?, let last?): first == last ? "\(first)" : "\(first) … \(last)"
    case (let first?, nil): "\(first) …"
    case (nil, let last?): "… \(last)"
    case (nil, nil): "all of time"
    }
  }

  fileprivate var count: String { dayCount.map { $0 == 1 ? "1 day " : "\($0) days" } ?? "" }
}

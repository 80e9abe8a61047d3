import TokyoData

/// Prints findings for people.
enum Text {
  static func print(_ sizes: [DatasetSize]) {
    Swift.print("\nSizes")
    table(
      ["dataset", "rows", "files", "csv", "parquet", "of csv", "retired"],
      sizes.map { size in
        [
          size.name, grouped(size.rows), "\(size.files)", megabytes(size.csvBytes),
          megabytes(size.parquetBytes),
          percent(size.ratio), grouped(size.retiredRows),
        ]
      })
  }

  static func print(_ finding: Finding) {
    Swift.print("\n\(finding.report)")
    table(finding.answer.columns, shortened(finding.answer.rows))
    for plan in finding.plans { Swift.print("  plan\n" + indented(plan)) }
    Swift.print(
      "  read \(grouped(finding.hotRows)) rows from hot, \(grouped(finding.coldRows)) from the lake,"
        + " in \(seconds(finding.time))")
    if let difference = finding.difference {
      Swift.print("  DIFFERS from one store: \(finding.report), \(difference)")
    } else {
      Swift.print("  EQUALS the same report over all rows in one store")
    }
  }

  static func grouped(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { result.append(",") }
      result.append(digit)
    }
    return (number < 0 ? "-" : "") + result
  }

  static func megabytes(_ bytes: Int) -> String {
    let tenths = (bytes * 10 + 500_000) / 1_000_000
    return "\(tenths / 10).\(tenths % 10) MB"
  }

  static func percent(_ ratio: Double) -> String {
    let tenths = Int((ratio * 1_000).rounded())
    return "\(tenths / 10).\(tenths % 10) %"
  }

  static func seconds(_ time: Duration) -> String {
    let milliseconds = Int(time / .milliseconds(1))
    return "\(milliseconds / 1_000).\(String(1_000 + milliseconds % 1_000).dropFirst()) s"
  }

  /// Long answers show their beginning and end.
  private static func shortened(_ rows: [[String]]) -> [[String]] {
    guard rows.count > 14, let width = rows.first?.count else { return rows }
    return rows.prefix(6) + [Array(repeating: "…", count: width)] + rows.suffix(6)
  }

  private static func indented(_ text: String) -> String {
    text.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
  }

  private static func table(_ columns: [String], _ rows: [[String]]) {
    let lines = [columns] + rows
    let widths = columns.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    for line in lines {
      let cells = zip(line, widths).enumerated().map { index, cell in
        let padding = String(repeating: " ", count: cell.1 - cell.0.count)
        return index == 0 ? cell.0 + padding : padding + cell.0
      }
      Swift.print("  " + cells.joined(separator: "  "))
    }
  }
}

/// A report's numbers as a drawing: bars for months and things, lines for weeks, a grid for cohorts.
struct Chart {
  private let table: ReportTable
  private let report: String
  private let width = 960.0
  private let height = 220.0

  init(_ finding: Finding) {
    table = finding.answer
    report = finding.report
  }

  var svg: String {
    switch report {
    case "Retention by cohort": grid
    case "Long-term trend": lines(columns: [1, 3])
    case "Monthly revenue": columns(value: 1)
    default: bars(value: 1)
    }
  }

  private func number(_ row: [String], _ column: Int) -> Double { Double(row[column]) ?? 0 }

  private func maximum(_ columns: [Int]) -> Double {
    max(1, table.rows.flatMap { row in columns.map { number(row, $0) } }.max() ?? 1)
  }

  /// Upright bars over time.
  private func columns(value: Int) -> String {
    let top = maximum([value])
    let slot = width / Double(max(1, table.rows.count))
    let marks = table.rows.enumerated().map { index, row in
      let size = number(row, value) / top * (height - 30)
      let x = Double(index) * slot
      let label =
        index % 3 == 0 ? text(String(row[0].prefix(7)), x: x + slot / 2, y: height - 4, anchor: "middle") : ""
      return """
        <rect class="bar" x="\(rounded(x + 2))" y="\(rounded(height - 18 - size))" width="\(rounded(slot - 4))" \
        height="\(rounded(size))" rx="2"><title>\(escaped(row[0])): \(escaped(row[value]))</title></rect>\(label)
        """
    }
    return frame(height, marks.joined())
  }

  /// Lying bars with names.
  private func bars(value: Int) -> String {
    let top = maximum([value])
    let marks = table.rows.enumerated().map { index, row in
      let y = Double(index) * 22
      let size = number(row, value) / top * (width - 320)
      return """
        \(text(row[0], x: 190, y: y + 15, anchor: "end"))<rect class="bar" x="200" y="\(rounded(y + 3))" \
        width="\(rounded(size))" height="16" rx="2"/>\(text(row[value], x: 206 + size, y: y + 15, anchor: "start"))
        """
    }
    return frame(Double(table.rows.count) * 22 + 4, marks.joined())
  }

  /// Lines over time: the first faint, the second strong.
  private func lines(columns: [Int]) -> String {
    let top = maximum(columns)
    let step = width / Double(max(1, table.rows.count - 1))
    let styles = ["faint", "line"]
    let paths = zip(columns, styles).map { column, style in
      let points = table.rows.enumerated().map { index, row in
        "\(rounded(Double(index) * step)),\(rounded(height - 20 - number(row, column) / top * (height - 30)))"
      }
      return "<polyline class=\"\(style)\" points=\"\(points.joined(separator: " "))\"/>"
    }
    let ends =
      text(table.rows.first?[0] ?? "", x: 0, y: height - 4, anchor: "start")
      + text(table.rows.last?[0] ?? "", x: width, y: height - 4, anchor: "end")
    return frame(height, paths.joined() + ends)
  }

  /// A cell for each cohort and quarter, the darker the more customers.
  private var grid: String {
    let top = maximum(Array(1..<max(2, table.columns.count)))
    let slot = (width - 100) / Double(max(1, table.columns.count - 1))
    let cells = table.rows.enumerated().map { index, row in
      let y = Double(index) * 24
      let marks = row.dropFirst().enumerated().filter { !$0.element.isEmpty }.map { column, cell in
        let x = 100 + Double(column) * slot
        return """
          <rect class="bar" opacity="\(rounded(0.1 + 0.9 * (Double(cell) ?? 0) / top))" x="\(rounded(x + 1))" \
          y="\(rounded(y + 1))" width="\(rounded(slot - 2))" height="22" rx="2"><title>\(escaped(row[0])): \
          \(escaped(cell))</title></rect>
          """
      }
      return text(row[0], x: 90, y: y + 16, anchor: "end") + marks.joined()
    }
    return frame(Double(table.rows.count) * 24 + 4, cells.joined())
  }

  private func text(_ words: String, x: Double, y: Double, anchor: String) -> String {
    "<text x=\"\(rounded(x))\" y=\"\(rounded(y))\" text-anchor=\"\(anchor)\">\(escaped(words))</text>"
  }

  private func frame(_ height: Double, _ content: String) -> String {
    """
    <svg viewBox="0 0 960 \(rounded(height))" role="img" aria-label="\(escaped(report))">\(content)</svg>
    """
  }
}

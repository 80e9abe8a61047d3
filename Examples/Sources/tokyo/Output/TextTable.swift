/// A table of texts for people at a terminal.
struct TextTable {
  struct Column {
    var title: String
    /// Numbers stand to the right, so that they can be compared at a glance.
    var isNumber = false
  }

  var columns: [Column]
  var rows: [[String]] = []

  init(_ columns: Column...) { self.columns = columns }

  init(columns: [Column]) { self.columns = columns }

  var text: String {
    let widths = columns.indices.map { column in
      max(columns[column].title.count, rows.map { $0[column].count }.max() ?? 0)
    }
    let rule = widths.map { String(repeating: "─", count: $0) }
    return ([columns.map(\.title), rule] + rows).map { row in line(row, widths) }.joined(separator: "\n")
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    let padded = cells.indices.map { column -> String in
      let blank = String(repeating: " ", count: widths[column] - cells[column].count)
      return columns[column].isNumber ? blank + cells[column] : cells[column] + blank
    }
    let line = padded.joined(separator: "  ")
    return String(line.reversed().drop { $0 == " " }.reversed())
  }
}

import TokyoData

/// The answer of a report as a table of texts, so that two answers can be compared cell by cell.
struct ReportTable: Equatable, Codable {
  var columns: [String]
  var rows: [[String]]

  /// The first cell that differs from another table, in words; nil where the tables are equal.
  func firstDifference(from other: ReportTable) -> String? {
    for (row, pair) in zip(rows, other.rows).enumerated() {
      for (column, cells) in zip(pair.0, pair.1).enumerated() where cells.0 != cells.1 {
        return "row \(row + 1), column \(columns[column]): \(cells.0) instead of \(cells.1)"
      }
    }
    return rows.count == other.rows.count ? nil : "\(rows.count) rows instead of \(other.rows.count)"
  }
}

/// Asks queries for one report, and notes what each took.
final class Inquiry {
  let router: Router
  let span: TimeRange
  private(set) var plans: [Plan] = []
  private(set) var hotRows = 0
  private(set) var coldRows = 0

  init(_ router: Router, over span: TimeRange) {
    self.router = router
    self.span = span
  }

  /// Asks over the whole span.
  func fetch(_ query: Query) async throws -> Answer { try await ask(query.time(in: span)) }

  /// Asks an undated dataset.
  func fetchAll(_ query: Query) async throws -> Answer { try await ask(query) }

  private func ask(_ query: Query) async throws -> Answer {
    let answer = try await router.fetch(query)
    plans.append(answer.plan)
    hotRows += answer.read.hotRows
    coldRows += answer.read.coldRows
    return answer
  }
}

/// A report that the business reads each month.
struct Report: Sendable {
  let name: String
  let make: @Sendable (Inquiry, BillingDatasets) async throws -> ReportTable

  static let all: [Report] = [
    monthlyRevenue, customerLifetimeValue, productRevenue, retentionByCohort, longTermTrend,
  ]
}

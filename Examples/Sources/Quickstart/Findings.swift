import Foundation
import TokyoData

/// One report, answered by the router and by the one store.
struct Finding {
  var report: String
  var answer: ReportTable
  var oneStore: ReportTable
  /// The plans of the report's queries, printed.
  var plans: [String]
  var hotRows: Int
  var coldRows: Int
  var time: Duration

  /// The first cell that differs; nil where the answers are equal.
  var difference: String? { answer.firstDifference(from: oneStore) }
}

/// The JSON form of findings.
struct Findings: Encodable {
  private struct Entry: Encodable {
    var report: String
    var equal: Bool
    var router: ReportTable
    var oneStore: ReportTable
    var hotRows: Int
    var coldRows: Int
  }

  private var reports: [Entry]

  static func write(_ findings: [Finding], to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    let document = Findings(
      reports: findings.map {
        Entry(
          report: $0.report, equal: $0.difference == nil, router: $0.answer, oneStore: $0.oneStore,
          hotRows: $0.hotRows, coldRows: $0.coldRows)
      })
    try encoder.encode(document).write(to: URL(fileURLWithPath: path))
  }
}

/// What a dataset weighs as CSV and in the lake, and where its days are.
struct DatasetSize {
  var name: String
  var rows: Int
  var files: Int
  var csvBytes: Int
  var parquetBytes: Int
  var retiredRows: Int
  var days: [DayStatus]

  /// Parquet's size as a part of CSV's.
  var ratio: Double { csvBytes == 0 ? 0 : Double(parquetBytes) / Double(csvBytes) }
}

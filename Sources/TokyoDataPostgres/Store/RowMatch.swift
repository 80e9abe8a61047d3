internal import TokyoDataCore

/// Finds the rows of a table that have the days and primary keys of given ones.
///
/// A key may come back on another day; the row that is meant is the one of its own.
struct RowMatch {
  let rows: ColumnBatch
  /// The day of each row; nil in undated datasets.
  let days: [Day?]
  private let dataset: Dataset
  private let table: SourceTable
  private let keys: ColumnBatch

  /// - Throws: `TokyoDataError.unsupported` without a primary key; `ColumnError` where one of its columns is
  ///   missing.
  init(_ rows: ColumnBatch, of dataset: Dataset, in table: SourceTable) throws {
    guard !dataset.primaryKey.isEmpty else {
      throw TokyoDataError(.unsupported, "a dataset without primary key has nothing to tell rows by")
    }
    self.rows = rows
    self.dataset = dataset
    self.table = table
    keys = try rows.selecting(dataset.primaryKey)
    if let time = dataset.timeColumn {
      let times = try rows.column(time)
      days = (0..<rows.rowCount).map { dataset.day(of: times[$0]) }
    } else {
      days = Array(repeating: nil, count: rows.rowCount)
    }
  }

  /// How many columns `source` has: the key's, and the bounds of the row's day.
  var columnCount: Int { keys.columns.count + (dataset.isDated ? 2 : 0) }

  /// Keys and days of some rows.
  func source(_ chunk: Range<Int>) throws -> SourceRows {
    var given = SourceRows()
    for (field, column) in zip(keys.schema.fields, keys.columns) {
      given.add(try table.typeName(field.name), chunk.map { column[$0] })
    }
    if let time = dataset.timeColumn {
      let type = try table.typeName(time)
      given.add(type, chunk.map { days[$0].map(start) ?? .null })
      given.add(type, chunk.map { days[$0].map { start(of: $0.next) } ?? .null })
    }
    return given
  }

  /// What joins `target`, the table, with `given`, the rows.
  func condition(_ chunk: Range<Int>) throws -> PostgresStatement {
    var conditions = keys.schema.fields.enumerated().map { column, field -> PostgresStatement in
      "target.\(identifier: field.name) = given.\(SourceRows.name(column))"
    }
    if let time = dataset.timeColumn {
      let first = keys.columns.count
      conditions.append("target.\(identifier: time) >= given.\(SourceRows.name(first))")
      conditions.append("target.\(identifier: time) < given.\(SourceRows.name(first + 1))")
      // A join keeps no partition out; bounds of all rows together do.
      let known = chunk.compactMap { days[$0] }
      if let low = known.min(), let high = known.max() {
        conditions.append(try table.within([TimeRange(low...high)], of: dataset))
      }
    }
    return .joining(conditions, separator: " AND ")
  }

  /// Of two rows for one key the server would take either.
  func refuseRepetition() throws(TokyoDataError) {
    var seen: Set<[ColumnValue]> = []
    for row in 0..<rows.rowCount where !seen.insert(keys.row(row)).inserted {
      throw TokyoDataError(
        .invalidArgument, "the rows of one update have a key twice", context: .init(day: days[row]))
    }
  }

  /// The first instant of a day as the time column would write it.
  private func start(of day: Day) -> ColumnValue {
    switch dataset.timeType {
    case .date: .date(day)
    case .localTimestamp:
      .localTimestamp(LocalTimestamp(microsecondsSince1970: day.start.microsecondsSince1970))
    default: .timestamp(day.start)
    }
  }
}

extension SourceTable {
  /// A column's type in SQL, without modifier.
  func typeName(_ column: String) throws(TokyoDataError) -> String {
    guard let found = columns.first(where: { $0.field.name == column }) else {
      throw TokyoDataError(.unknownColumn, "the table has no such column", context: .init(column: column))
    }
    return found.plainTypeName
  }

  /// Every column has a binary form that we write.
  func takesCopy(of schema: ColumnSchema) -> Bool {
    schema.fields.allSatisfy { field in
      // What types of the user's are, only the catalog knows.
      let column = columns.first { $0.field.name == field.name }
      guard let type = column.flatMap({ WireType($0.type) }) else { return false }
      return (try? FieldEncoder(field, to: type)) != nil
    }
  }
}

extension ColumnBatch {
  /// The rows in ranges of at most so many.
  func chunks(of count: Int) -> [Range<Int>] {
    stride(from: 0, to: rowCount, by: count).map { $0..<min($0 + count, rowCount) }
  }
}

internal import TokyoDataColumns

/// Reads the rows of a row group that pass a filter.
///
/// The filter's columns are read first, where pages may match; the other columns then only where rows pass.
struct FilteredRowGroupReader {
  let schema: ColumnSchema
  /// The rows that were compared.
  let comparedRows: Int
  /// The rows that pass.
  let passingRows: Int
  /// Of the columns that both the filter and the caller ask for: the values of the rows that pass.
  private let known: ColumnBatch
  private var others: OtherColumns?
  private var position = 0

  init(
    _ file: ParquetFile, rowGroup: Int, columns shapes: [ColumnShape], filter: FilterNode, rows: RowRanges,
    batchRows: Int
  ) async throws {
    schema = try file.schema.selecting(shapes.map(\.field.name))
    let filtered = Set(filter.tests.map(\.column.leaf.name))
    let shared = shapes.map(\.field.name).filter { filtered.contains($0) }
    let compared = try file.selected(filtered.sorted())
    var reader = try await RowGroupReader(file, rowGroup: rowGroup, columns: compared, rows: rows)
    var left = rows
    var passing: [Range<Int>] = []
    var kept: [ColumnBatch] = []
    while let batch = try await reader.next(rows: batchRows) {
      let places = left.takeFirst(batchRows)
      let passes = filter.passing(batch)
      let slots = passes.indices.filter { passes[$0] }
      passing += Self.ranges(slots, of: places)
      let chosen = try batch.selecting(shared)
      if !slots.isEmpty { kept.append(slots.count == batch.rowCount ? chosen : try chosen.gathering(slots)) }
    }
    known = try ColumnBatch.joining(kept, schema: file.schema.selecting(shared))
    let passed = RowRanges(passing)
    (comparedRows, passingRows) = (rows.count, passed.count)
    let rest = shapes.filter { !filtered.contains($0.field.name) }
    if !rest.isEmpty, !passed.isEmpty {
      others = try await OtherColumns(file, rowGroup: rowGroup, columns: rest, rows: passed)
    }
  }

  /// The rows at the slots of a batch that was read from some places.
  private static func ranges(_ slots: [Int], of places: [Range<Int>]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var (place, start) = (0, 0)
    for slot in slots {
      while slot - start >= places[place].count {
        start += places[place].count
        place += 1
      }
      let row = places[place].lowerBound + slot - start
      if let last = ranges.last, last.upperBound == row {
        ranges[ranges.count - 1] = last.lowerBound..<row + 1
      } else {
        ranges.append(row..<row + 1)
      }
    }
    return ranges
  }

  /// The next rows that pass, at most as many as asked for, or nil after the last.
  mutating func next(rows number: Int) async throws -> ColumnBatch? {
    guard position < passingRows else { return nil }
    let rows = position..<min(position + number, passingRows)
    position = rows.upperBound
    let known = rows.count == passingRows ? known : try known.gathering(Array(rows))
    let other = try await others?.next(rows: rows.count)
    let columns = try schema.fields.map { field in
      if let index = known.schema.index(of: field.name) { return known.columns[index] }
      guard let other, let index = other.schema.index(of: field.name) else {
        throw ParquetError(.corrupted, "a column without its rows", column: field.name)
      }
      return other.columns[index]
    }
    return try ColumnBatch(schema: schema, columns: columns, rowCount: rows.count)
  }
}

/// The columns that no test names, read where rows pass.
private struct OtherColumns {
  /// Decoding this many values is faster than stopping before them and beginning behind them: about 1 ns for
  /// each against 1 µs, in chunks of dictionaries and of plain numbers alike.
  private static var worthDecoding: Int { 512 }

  private var reader: RowGroupReader
  /// The rows that pass, and those that are decoded along with them.
  private var (passing, decoded): (RowRanges, RowRanges)

  init(_ file: ParquetFile, rowGroup: Int, columns: [ColumnShape], rows: RowRanges) async throws {
    passing = rows
    decoded = rows.closingGaps(upTo: Self.worthDecoding)
    reader = try await RowGroupReader(file, rowGroup: rowGroup, columns: columns, rows: decoded)
  }

  /// The next rows that pass.
  mutating func next(rows number: Int) async throws -> ColumnBatch? {
    let rows = passing.takeFirst(number)
    guard let end = rows.last?.upperBound else { return nil }
    var wanted = RowRanges(rows)
    var left = decoded.count(before: end)
    var parts: [ColumnBatch] = []
    // Where few rows pass, those decoded along with them are dropped again and again.
    while left > 0 {
      let among = decoded.takeFirst(min(left, max(number, 8 * Self.worthDecoding)))
      let count = among.reduce(0) { $0 + $1.count }
      guard count > 0, let batch = try await reader.next(rows: count) else { break }
      left -= count
      let own = wanted.takeFirst(wanted.count(before: among.last?.upperBound ?? 0))
      let isWhole = own.reduce(0) { $0 + $1.count } == count
      parts.append(isWhole ? batch : try batch.gathering(Self.slots(of: own, among: among)))
    }
    return try ColumnBatch.joining(parts, schema: reader.schema)
  }

  /// Where some rows are among others, which have them all.
  private static func slots(of rows: [Range<Int>], among others: [Range<Int>]) -> [Int] {
    var slots: [Int] = []
    var (place, start) = (0, 0)
    for range in rows {
      while others[place].upperBound <= range.lowerBound {
        start += others[place].count
        place += 1
      }
      let first = start + range.lowerBound - others[place].lowerBound
      slots += first..<first + range.count
    }
    return slots
  }
}

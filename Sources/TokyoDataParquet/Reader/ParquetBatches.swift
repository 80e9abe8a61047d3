/// The rows of a file as column batches, each read when it is asked for.
public struct ParquetBatches: AsyncSequence, Sendable {
  /// Some rows of one row group.
  public typealias Element = ColumnBatch

  let file: ParquetFile
  let columns: [String]?
  let rowGroups: [Int]
  let rows: Int
  let filter: ParquetFilter?

  /// Begins at the first of the row groups.
  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(self) }

  /// Reads batch by batch; it holds the encoded bytes of one row group and one batch.
  ///
  /// With a filter it also holds those values of the filter's columns in the row group that pass.
  public struct AsyncIterator: AsyncIteratorProtocol {
    /// What was read so far, and what a filter left out.
    public private(set) var summary = ParquetScanSummary()
    private let batches: ParquetBatches
    private let file: ParquetFile
    private let bytesRead = ByteCounter()
    private var position = 0
    private var plan: Plan?
    private var reader: Reader?

    /// The columns and the filter, once they were found in the file.
    private struct Plan {
      let columns: [ColumnShape]
      let filter: FilterNode?
    }

    private enum Reader {
      case all(RowGroupReader)
      case filtered(FilteredRowGroupReader)
    }

    init(_ batches: ParquetBatches) {
      self.batches = batches
      var file = batches.file
      file.source = CountedSource(source: file.source, counter: bytesRead)
      self.file = file
    }

    /// The next batch, or nil after the last row.
    public mutating func next() async throws -> ColumnBatch? {
      defer { summary.bytesRead = bytesRead.value }
      let plan = try plan ?? makePlan()
      self.plan = plan
      while true {
        if let batch = try await nextOfRowGroup() { return batch }
        guard position < batches.rowGroups.count else { return nil }
        reader = nil
        let rowGroup = batches.rowGroups[position]
        do { reader = try await open(rowGroup, plan) } catch let error as ParquetError {
          throw error.at(rowGroup: rowGroup)
        }
        position += 1
      }
    }

    private mutating func nextOfRowGroup() async throws -> ColumnBatch? {
      switch reader {
      case .all(var reader):
        defer { self.reader = .all(reader) }
        let batch = try await reader.next(rows: batches.rows)
        summary.rowsPassed += batch?.rowCount ?? 0
        return batch
      case .filtered(var reader):
        defer { self.reader = .filtered(reader) }
        return try await reader.next(rows: batches.rows)
      case nil: return nil
      }
    }

    private func makePlan() throws(ParquetError) -> Plan {
      let filter = batches.filter
      return Plan(
        columns: try file.selected(batches.columns),
        filter: try filter.map { (filter) throws(ParquetError) in try FilterNode(filter, in: file) })
    }

    private mutating func open(_ rowGroup: Int, _ plan: Plan) async throws -> Reader? {
      guard file.rowGroups.indices.contains(rowGroup), let filter = plan.filter else {
        let reader = try await RowGroupReader(file, rowGroup: rowGroup, columns: plan.columns)
        summary.rowGroups += 1
        summary.rows += file.rowGroups[rowGroup].rowCount
        return .all(reader)
      }
      summary.rowGroups += 1
      switch try await Pruner(file: file, filter: filter).verdict(rowGroup) {
      case .excludedByBounds:
        summary.rowGroupsExcludedByBounds += 1
        return nil
      case .excludedByBloomFilter:
        summary.rowGroupsExcludedByBloomFilters += 1
        return nil
      case .all:
        let reader = try await RowGroupReader(file, rowGroup: rowGroup, columns: plan.columns)
        summary.rowGroupsPassedByBounds += 1
        summary.rows += file.rowGroups[rowGroup].rowCount
        return .all(reader)
      case .rows(let rows, let counts):
        summary.pages += counts.pages
        summary.pagesExcluded += counts.excluded
        let reader = try await FilteredRowGroupReader(
          file, rowGroup: rowGroup, columns: plan.columns, filter: filter, rows: rows, batchRows: batches.rows
        )
        summary.rows += file.rowGroups[rowGroup].rowCount
        summary.rowsCompared += reader.comparedRows
        summary.rowsPassed += reader.passingRows
        return .filtered(reader)
      }
    }
  }
}

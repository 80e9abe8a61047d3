internal import TokyoDataColumns

/// The rows of the row group that is being filled, taken apart into leaves.
struct RowGroupBuffer: Sendable {
  private let shapes: [ColumnShape]
  private var columns: [Shredder]
  private(set) var rowCount = 0

  init(_ shapes: [ColumnShape]) {
    self.shapes = shapes
    columns = shapes.map { Shredder($0) }
  }

  /// The leaf columns' slots, in the file's order.
  var leaves: [LeafSlots] { columns.flatMap(\.leaves) }

  /// The bytes of all values, which do not depend on how batches cut them.
  var byteCount: Int { columns.reduce(0) { $1.leaves.reduce($0) { $0 + $1.byteCount } } }

  mutating func append(_ batch: ColumnBatch, _ rows: Range<Int>) throws(ParquetError) {
    for index in columns.indices {
      do throws(ParquetError) { try columns[index].append(batch.columns[index], rows) } catch {
        throw error.at(column: shapes[index].field.name)
      }
    }
    rowCount += rows.count
  }

  mutating func removeAll() { self = RowGroupBuffer(shapes) }
}

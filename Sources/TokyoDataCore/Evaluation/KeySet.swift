/// A set of primary keys, for rows that do not count.
public struct KeySet: Sendable {
  /// The key columns, in the dataset's order of its key.
  public let keys: ColumnBatch
  private var index: GroupIndex

  /// Makes the set of the rows of a batch of key columns.
  public init(_ keys: ColumnBatch) {
    self.keys = keys
    index = GroupIndex(keys.columns.map(\.type))
    if keys.schema.count > 0 { _ = index.groups(of: keys.columns) }
  }

  /// No key is in it.
  public var isEmpty: Bool { keys.rowCount == 0 }

  /// One truth a row of a batch that has the key columns: its key is in the set.
  ///
  /// - Throws: `TokyoDataError` naming a key column that is missing or of another type.
  public func contains(rowsOf batch: ColumnBatch) throws(TokyoDataError) -> [Bool] {
    guard !isEmpty, keys.schema.count > 0 else { return Array(repeating: false, count: batch.rowCount) }
    var columns: [ColumnVector] = []
    for field in keys.schema.fields {
      do throws(ColumnError) { columns.append(try batch.column(field.name)) } catch {
        throw TokyoDataError(error)
      }
      guard columns[columns.count - 1].type == field.type else {
        throw TokyoDataError(
          .typeMismatch, "a key of type \(columns[columns.count - 1].type) where \(field.type) is due",
          context: .init(column: field.name))
      }
    }
    return index.find(columns).map { $0 >= 0 }
  }
}

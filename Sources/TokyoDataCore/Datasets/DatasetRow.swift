/// A type whose values are rows of a dataset.
///
/// It lists its columns once; that list makes the dataset, the batches that are written, and the names in
/// typed queries. Where it is also `Decodable`, rows are read by their coding keys (`ColumnBatch.decode`
/// tells how names are matched); else it says how to read one.
public protocol DatasetRow: Sendable {
  /// The columns, in the dataset's order.
  static var columns: [Column<Self>] { get }

  /// Reads a row.
  init(reading row: RowReader) throws
}

extension DatasetRow where Self: Decodable {
  /// Reads a row by its coding keys.
  public init(reading row: RowReader) throws {
    self = try row.decode(Self.self)
  }
}

extension DatasetRow {
  /// The name of the column that holds a property.
  ///
  /// For a property that `columns` does not list the name says so, and the query fails as for any unknown
  /// column.
  static func columnName(of property: PartialKeyPath<Self>) -> String {
    columns.first { $0.property == property }?.name ?? "a property that \(Self.self).columns does not list"
  }
}

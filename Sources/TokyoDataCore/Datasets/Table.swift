/// The typed view of a dataset: its rows are values of one Swift type.
///
/// ```swift
/// let invoices = try Table("invoices", of: Invoice.self, key: \.id, time: \.issuedAt)
/// ```
public struct Table<Row: DatasetRow>: Sendable {
  /// The dataset.
  public let dataset: Dataset

  /// Makes the dataset of a row type's columns.
  ///
  /// - Parameters:
  ///   - name: the dataset's name.
  ///   - type: the type of its rows.
  ///   - key: the properties that identify a row within its day.
  ///   - time: the property whose UTC date is the row's day; nil for an undated dataset.
  ///   - policy: how days move and how files are laid out.
  /// - Throws: `TokyoDataError` naming the column: a decimal without digits, a type that cannot hold its
  ///   property, a key or time that is no column, and what makes no ``Dataset``.
  public init(
    _ name: String, of type: Row.Type = Row.self, key: PartialKeyPath<Row>...,
    time: PartialKeyPath<Row>? = nil, policy: DatasetPolicy = DatasetPolicy()
  ) throws(TokyoDataError) {
    let name = try DatasetName(name)
    do throws(TokyoDataError) {
      var fields: [ColumnField] = []
      for column in Row.columns { fields.append(try Self.field(column)) }
      let schema: ColumnSchema
      do throws(ColumnError) { schema = try ColumnSchema(fields) } catch { throw TokyoDataError(error) }
      dataset = try Dataset(
        name, schema: schema, primaryKey: key.map { Row.columnName(of: $0) },
        timeColumn: time.map { Row.columnName(of: $0) }, policy: policy)
    } catch {
      throw error.adding(.init(dataset: name))
    }
  }

  private static func field(_ column: Column<Row>) throws(TokyoDataError) -> ColumnField {
    guard let type = column.type else {
      throw TokyoDataError(
        .invalidArgument, "a decimal column needs its precision and scale, such as `.decimal(12, 2)`",
        context: .init(column: column.name))
    }
    guard column.fits(type) else {
      throw TokyoDataError(
        .typeMismatch, "a column of type \(type) cannot hold its property",
        context: .init(column: column.name))
    }
    return ColumnField(column.name, type, isNullable: column.isNullable)
  }

  /// The rows as a batch of the dataset's columns.
  ///
  /// - Throws: `TokyoDataError.valueOutOfRange` naming the column that cannot hold one of its values.
  public func batch(of rows: [Row]) throws(TokyoDataError) -> ColumnBatch {
    do throws(ColumnError) {
      var columns: [ColumnVector] = []
      for (column, field) in zip(Row.columns, dataset.schema.fields) {
        var builder = ColumnBuilder(field.type)
        builder.reserve(rows.count)
        do throws(ColumnError) { try column.fill(rows, &builder) } catch { throw error.inColumn(field.name) }
        columns.append(builder.finish())
      }
      return try ColumnBatch(schema: dataset.schema, columns: columns, rowCount: rows.count)
    } catch {
      throw TokyoDataError(error, context: .init(dataset: dataset.name))
    }
  }
}

/// A query checked against its dataset: every name known, every type settled, every literal converted.
///
/// Stores read it, the merge finishes it; both work from the same columns in the same order.
public struct ResolvedQuery: Sendable {
  /// The query as it was asked.
  public let query: Query
  /// The dataset it was checked against.
  public let dataset: Dataset
  /// The query's filter with literals of the types they are compared with.
  public let filter: Filter?
  /// What each tier gives, in order.
  public let partialColumns: [PartialColumn]
  /// The schema of the batches that each tier gives.
  public let partialSchema: ColumnSchema
  /// The schema of the answer.
  public let resultSchema: ColumnSchema

  /// Checks a query against a dataset.
  ///
  /// - Throws: `TokyoDataError` naming the column: an unknown one, a comparison or aggregate that its type
  ///   does not have, a result name used twice, a zone other than UTC, a time range on an undated dataset.
  public init(_ query: Query, for dataset: Dataset) throws(TokyoDataError) {
    throw TokyoDataError(.unsupported, "arrives with the evaluator")
  }

  /// The columns of the dataset that a tier reads to answer, in the dataset's order.
  public var columnsRead: [String] { [] }

  /// The type of an expression over the dataset's columns.
  public func type(of expression: ColumnExpression) throws(TokyoDataError) -> ColumnType {
    throw TokyoDataError(.unsupported, "arrives with the evaluator")
  }
}

/// One column of what a tier gives: a group key, a state that merges with the other tier's, or a value.
///
/// A query for groups has its keys first, then `rowCount`, then the states that its aggregates need, none
/// twice: a mean needs a sum and a count. A query for rows has its values, then what it only sorts by.
@nonexhaustive
public enum PartialColumn: Hashable, Sendable {
  /// A group key; a bucket's is the date of its first day.
  case key(Grouping)
  /// How many rows entered the group, as `int64`; adds.
  case rowCount
  /// How many values are not null, as `int64`; adds.
  case count(ColumnExpression)
  /// The sum, as `decimal(38, s)` at the operand's scale or `double`; adds; null for no values.
  case sum(ColumnExpression)
  /// The least value, of the operand's type; null for no values.
  case minimum(ColumnExpression)
  /// The greatest value, of the operand's type; null for no values.
  case maximum(ColumnExpression)
  /// A value of a row.
  case value(ColumnExpression)
}

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
  ///
  /// A tier's own sum must fit 38 digits, even where the other tier's would bring it back.
  case sum(ColumnExpression)
  /// The least value, of the operand's type; null for no values.
  case minimum(ColumnExpression)
  /// The greatest value, of the operand's type; null for no values.
  case maximum(ColumnExpression)
  /// A value of a row.
  case value(ColumnExpression)

  /// The names of the dataset's columns it reads.
  func columns(of dataset: Dataset) -> Set<String> {
    switch self {
    case .key(.column(let name)): [name]
    case .key(.bucket(let bucket)): Set([bucket.column ?? dataset.timeColumn].compactMap { $0 })
    case .rowCount: []
    case .count(let value), .sum(let value), .minimum(let value), .maximum(let value), .value(let value):
      value.columns
    }
  }
}

/// Where the states of an aggregate stand among the partial columns.
enum AggregateStates: Hashable, Sendable {
  /// The state is the result.
  case state(Int)
  /// The quotient of a sum and a count.
  case mean(sum: Int, count: Int)
}

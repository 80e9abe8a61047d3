/// What a finished file holds.
public struct ParquetFileSummary: Hashable, Sendable {
  /// The number of rows.
  public var rowCount: Int
  /// The size of the file.
  public var byteCount: Int
  /// The number of row groups.
  public var rowGroupCount: Int
  /// The leaf columns in the schema's order.
  public var columns: [ParquetColumnSummary]
}

/// What a leaf column of a finished file holds.
public struct ParquetColumnSummary: Hashable, Sendable {
  /// The column's name; for one within others, its dotted path.
  public var name: String
  /// The number of nulls; for one within others, also of values that an outer null or empty list leaves out.
  public var nullCount = 0
  /// No value is below this one; nil without values, with NaN among them, or where none could be kept.
  public var minimum: ColumnValue?
  /// No value is above this one.
  public var maximum: ColumnValue?
  /// The minimum is itself a value of the column, not a shorter text below it.
  public var isMinimumExact = false
  /// The maximum is itself a value of the column.
  public var isMaximumExact = false
  /// The bytes that its pages take in the file, headers included.
  public var encodedBytes = 0
  /// How its chunks were encoded, and why.
  public var encodings: [ParquetEncodingChoice] = []
}

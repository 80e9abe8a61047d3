extension ColumnType {
  /// An exact number of at most `precision` digits, `scale` of them after the point.
  public static func decimal(_ precision: Int, _ scale: Int) -> ColumnType {
    .decimal(precision: precision, scale: scale)
  }
}

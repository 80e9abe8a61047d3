internal import TokyoDataCore

/// What there is to know of an answer beside its rows.
struct AthenaAnswer: Sendable {
  /// The columns, also of an answer without rows.
  var schema: ColumnSchema
  var receipt: AthenaReceipt
}

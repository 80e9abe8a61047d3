internal import TokyoDataCore

/// What the ledger says of a dataset, but for its days and versions.
struct LedgerEntry: Sendable {
  var dataset: Dataset
  var table: QualifiedName
  /// New with every change of days and versions.
  var epoch: Int64
  /// The days that have marks.
  var marked: Set<Day>
}

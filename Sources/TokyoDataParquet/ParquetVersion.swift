/// Which program this is, as files name it.
enum ParquetVersion {
  /// In the form that readers parse to work around the bugs of writers.
  static let createdBy = "tokyo-data version 0.1.0 (build release)"
}

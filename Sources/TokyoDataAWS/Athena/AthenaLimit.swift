internal import TokyoDataCore

/// How much of something Athena takes, so that what it would refuse is never sent.
struct AthenaLimit: Sendable {
  let least: Int
  let most: Int

  /// Bytes of a query in UTF-8.
  static let queryBytes = AthenaLimit(least: 1, most: 262_144)
  /// Characters of the token by which a second start of the same query is known.
  static let tokenLength = AthenaLimit(least: 32, most: 128)
  /// Characters of one parameter of a query.
  static let parameterLength = AthenaLimit(least: 1, most: 1_024)
  /// Queries in a batch, or on a page of their list.
  static let batch = AthenaLimit(least: 1, most: 50)
  /// Rows on a page of a result.
  static let pageRows = AthenaLimit(least: 1, most: 1_000)
  /// The age of a result that may be given once more, in minutes.
  static let reuseMinutes = AthenaLimit(least: 0, most: 10_080)
  /// Bytes that a query of a workgroup may scan.
  static let scannedBytes = AthenaLimit(least: 10_000_000, most: .max)

  /// - Throws: `TokyoDataError.invalidArgument` for a number outside.
  func check(_ number: Int, _ what: String) throws(TokyoDataError) {
    guard number < least || number > most else { return }
    throw TokyoDataError(
      .invalidArgument,
      number < least
        ? "Athena takes no fewer than \(least) \(what), not \(number)"
        : "Athena takes no more than \(most) \(what), not \(number)")
  }
}

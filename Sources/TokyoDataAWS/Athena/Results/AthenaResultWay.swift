/// The way in which the rows of an answer come from Athena.
///
/// All give the same rows, bit by bit.
public struct AthenaResultWay: Hashable, Sendable, CustomStringConvertible {
  /// Its name.
  public let description: String

  /// Pages of up to 1,000 rows, asked of Athena itself.
  public static let pages = AthenaResultWay(description: "pages")
  /// The result file in S3, read while it comes in.
  public static let csv = AthenaResultWay(description: "csv")
  /// Parquet files that the query itself writes to S3 (`UNLOAD`); they are deleted after the answer.
  public static let unload = AthenaResultWay(description: "unload")
}

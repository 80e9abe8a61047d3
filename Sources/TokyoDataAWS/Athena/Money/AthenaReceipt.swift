/// What an answer of Athena took, and how it came.
public struct AthenaReceipt: Hashable, Sendable {
  /// The query's id, by which AWS knows it.
  public var queryID: String
  /// Bytes that were read from S3, of failed attempts too.
  public var scannedBytes: Int
  /// Bytes that are paid for: whole megabytes, ten at least for a query that reads; none for an earlier result.
  public var billedBytes: Int
  /// US dollars for the scan.
  public var dollars: Double
  /// How long the query waited in Athena.
  public var queueTime: Duration
  /// How long it ran in Athena, planning and the writing of its result included.
  public var runTime: Duration
  /// An earlier result of the same query was given once more.
  public var isReused: Bool
  /// How the rows came.
  public var way: AthenaResultWay
  /// How many queries were started for the answer.
  public var attempts: Int
  /// Rows of the answer.
  public var rows: Int
}

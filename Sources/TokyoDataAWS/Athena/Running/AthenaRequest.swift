internal import TokyoDataCore

/// A statement to run, and everything that its answer depends on.
struct AthenaRequest: Sendable {
  var statement: AthenaStatement
  var catalog: String?
  var database: String?
  var workGroup: String?
  /// Where results go, `s3://bucket/prefix/`; nil for the workgroup's own place, which an enforcing workgroup
  /// takes in any case.
  var outputLocation: String?
  /// The account that must own the bucket of the results.
  var expectedBucketOwner: String?
  /// The columns of the answer, in the statement's order; nil to take what Athena says they are.
  var schema: ColumnSchema?
  /// How the rows come; nil to choose.
  var way: AthenaResultWay?
  /// Many rows are expected, in columns that can be unloaded, and in no order.
  var isLong = false
  /// How old an earlier result of the same statement may be that is given once more, in minutes; nil for none.
  var reuseMinutes: Int?
  /// By which Athena knows a second start of the same query, 32 to 128 characters; nil for a new one.
  var token: String?
  /// How long the query may wait in all before it runs, in front of Athena and within.
  var queueDeadline: Duration = .seconds(600)
  /// How long it may run.
  var runDeadline: Duration = .seconds(1800)
  /// How often it is started where Athena says that it may succeed the next time.
  var attempts = 3
  /// Bytes that the statement is thought to scan; nil where nobody knows.
  var estimatedBytes: Int?
  var budget: AthenaBudget?

  init(_ statement: AthenaStatement) { self.statement = statement }
}

internal import TokyoDataCore

/// An answer as a cache keeps it, for queries that take one of a while ago.
struct KeptAnswer: Sendable {
  /// What is kept beside the rows.
  private struct Head: Codable {
    var schema: ColumnSchema
    var plan: Plan
    var asOf: Timestamp
    var inexactColumns: [String]
    /// How long the query took that gave it.
    var took: Duration
    /// For how long it was kept.
    var life: Duration
  }

  /// The form of the head; changes with its meaning.
  private static let form: UInt64 = 1

  private let head: Head
  private let batch: ColumnBatch

  /// How long the query took that gave it.
  var took: Duration { head.took }

  /// - Parameter life: For how long it is to be kept.
  init(_ answer: Answer, took: Duration, life: Duration) {
    head = Head(
      schema: answer.batch.schema, plan: answer.plan, asOf: answer.asOf,
      inexactColumns: answer.inexactColumns, took: took, life: life)
    batch = answer.batch
  }

  /// The answer that bytes are; nil for bytes that are damaged or something else.
  init?(_ bytes: [UInt8], _ coding: CacheCoding) {
    guard bytes.count >= 8 else { return nil }
    let count = bytes[..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let times = Duration.zero...CacheExpiry.longest
    guard let length = Int(exactly: count), length <= bytes.count - 8,
      let head = coding.value(Head.self, from: Array(bytes[8..<(8 + length)]), form: Self.form),
      times.contains(head.took), times.contains(head.life),
      let batch = coding.batch(from: Array(bytes[(8 + length)...]), schema: head.schema)
    else { return nil }
    self.head = head
    self.batch = batch
  }

  /// The head's length in eight bytes, the head, the rows.
  func bytes(_ coding: CacheCoding) throws -> [UInt8] {
    let head = try coding.bytes(of: head, form: Self.form)
    let length = (0..<8).reversed().map { UInt8(truncatingIfNeeded: UInt64(head.count) >> ($0 * 8)) }
    return try length + head + coding.bytes(of: batch)
  }

  /// How old it is, from when its query began, while so much of its life is left.
  func age(remaining: Duration) -> Duration { max(head.life - remaining, .zero) + head.took }

  /// The answer, given again.
  func answer(age: Duration) -> Answer {
    Answer(
      batch: batch, plan: head.plan, read: ReadCounts(), asOf: head.asOf, cost: QueryCost(),
      cache: CacheUse(.stale, age: age), inexactColumns: head.inexactColumns)
  }
}

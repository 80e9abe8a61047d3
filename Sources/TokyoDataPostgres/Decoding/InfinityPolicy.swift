/// What becomes of a value that our columns do not have: an infinite date or timestamp, a `numeric` that is
/// NaN or infinite.
///
/// Floating-point columns hold their NaN and infinities; no policy concerns them.
@nonexhaustive
public enum InfinityPolicy: Hashable, Sendable {
  /// The read throws `PostgresError.valueNotRepresentable`, naming the column.
  case refuse
  /// The value is read as a null, and throws where the column or element is not nullable.
  ///
  /// What was read so and is written back is lost: `infinity` has become NULL.
  case null
}

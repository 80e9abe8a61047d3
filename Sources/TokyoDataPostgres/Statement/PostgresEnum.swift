public import TokyoDataCore

/// A Swift enum whose raw values are the labels of a PostgreSQL enum.
///
/// ```swift
/// enum Mood: String, PostgresEnum { case sad, ok, happy }
/// try await connection.execute("UPDATE people SET mood = \(Mood.ok) WHERE id = \(id)")
/// let moods = try await connection.query("SELECT mood, count(*) FROM people GROUP BY 1")
///   .decode((Mood, Int).self)
/// ```
///
/// Its place decides the type; where nothing does, a cast says it: `\(mood)::mood`.
public protocol PostgresEnum: RawRepresentable<String>, ColumnRepresentable, ColumnListElement,
  PostgresBindable, PostgresArrayBindable
{}

extension PostgresEnum {
  /// The label as a bind.
  public var postgresBind: PostgresBind { .text(rawValue) }
  /// NULL in the place of such a value.
  public static var postgresNull: PostgresBind { .null(.inferred) }
}

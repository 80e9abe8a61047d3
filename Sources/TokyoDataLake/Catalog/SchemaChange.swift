public import TokyoDataCore

/// One difference between a dataset as its old days were written and as it is to be.
@nonexhaustive
public enum SchemaChange: Hashable, Sendable {
  /// A nullable column after all others.
  case added(String)
  /// A column may hold nulls from now on.
  case becameNullable(String)
  /// A new column that may not be null.
  case addedWithoutNulls(String)
  /// A new column before an old one.
  case inserted(String, before: String)
  /// A column that is no longer there.
  case dropped(String)
  /// A column that is no longer there, with a new one of its type in its place.
  case renamed(String, to: String)
  /// A column in another place among those that stay.
  case moved(String)
  /// A column of another type.
  case retyped(String, from: ColumnType, to: ColumnType)
  /// A column may no longer hold nulls.
  case becameRequired(String)
  /// The days are those of another column, or there are none.
  case timeColumn(from: String?, to: String?)
  /// Days begin at another zone's midnight.
  case timeZone
  /// The partition columns are others.
  case partitionColumns

  /// Why old days would be read wrongly after it; nil where they stay readable.
  public var refusal: String? {
    switch self {
    case .added, .becameNullable: nil
    case .addedWithoutNulls(let name):
      "old days have no values of \(name), which read as NULL: a new column is nullable"
    case .inserted(let name, let next):
      "\(name) comes before \(next): tables that read by index would take the one for the other; add it last"
    case .dropped(let name):
      "\(name) would vanish from old days, and a later column of this name would show its values again"
    case .renamed(let name, let new):
      "files are read by name: \(new) would be NULL on all days that were written as \(name)"
    case .moved(let name):
      "\(name) has another place: tables that read by index would take another column for it"
    case .retyped(let name, let old, let new): "\(name): \(Self.refusal(from: old, to: new))"
    case .becameRequired(let name): "old days may hold nulls of \(name)"
    case .timeColumn: "the days of old rows were taken from another time column"
    case .timeZone: "the days of old rows begin at another zone's midnight"
    case .partitionColumns: "the partition columns of a table in the catalog cannot be changed"
    }
  }

  /// No change of a type is allowed: Athena chooses the decoder of a file's statistics and filters by the
  /// table's type, so that even a widening fails or, worse, leaves rows out.
  private static func refusal(from old: ColumnType, to new: ColumnType) -> String {
    let change = "from \(old) to \(new)"
    let instead = "add a column of another name, or write the old days anew"
    switch (old, new) {
    case (.int8, .int16), (.int8, .int32), (.int8, .int64), (.int16, .int32), (.int16, .int64),
      (.int32, .int64):
      return "\(change), Athena may skip rows of old files by filters of the narrower type; \(instead)"
    case (.float, .double):
      return "\(change), Athena takes the statistics of old files for corrupt; \(instead)"
    case (.decimal, .decimal):
      return "\(change), and the digits of a decimal in the table must be those of the files; \(instead)"
    case (.timestamp, .localTimestamp), (.localTimestamp, .timestamp), (.time, .int64), (.int64, .time):
      return
        "\(change), which Athena reads without an error, though the values mean something else; \(instead)"
    default:
      return "\(change), and old files hold what Athena cannot read as the new type; \(instead)"
    }
  }
}

extension SchemaChange: CustomStringConvertible {
  /// The change in a line, such as `note added`.
  public var description: String {
    switch self {
    case .added(let name): "\(name) added"
    case .addedWithoutNulls(let name): "\(name) added as required"
    case .becameNullable(let name): "\(name) became nullable"
    case .inserted(let name, let next): "\(name) inserted before \(next)"
    case .dropped(let name): "\(name) dropped"
    case .renamed(let name, let new): "\(name) renamed to \(new)"
    case .moved(let name): "\(name) moved"
    case .retyped(let name, let old, let new): "\(name) changed from \(old) to \(new)"
    case .becameRequired(let name): "\(name) became required"
    case .timeColumn(let old, let new): "time column changed from \(old ?? "none") to \(new ?? "none")"
    case .timeZone: "zone changed"
    case .partitionColumns: "partition columns changed"
    }
  }
}

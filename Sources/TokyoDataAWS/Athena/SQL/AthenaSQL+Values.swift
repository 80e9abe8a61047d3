internal import TokyoDataCore

extension AthenaSQL {
  /// A value as it stands in a statement that somebody wrote: times as `timestamp`, a time of day as the
  /// microseconds that its column holds.
  ///
  /// - Throws: `TokyoDataError.unsupported` for nested values.
  static func literal(_ value: ColumnValue) throws(TokyoDataError) -> String {
    switch value {
    case .timestamp(let instant): timestamp(instant.microsecondsSince1970)
    case .localTimestamp(let local): timestamp(local.microsecondsSince1970)
    case .null: "NULL"
    default: try exact(value)
    }
  }

  /// A value as it stands in our queries, where times are their microseconds.
  static func exact(_ value: ColumnValue) throws(TokyoDataError) -> String {
    switch value {
    case .null, .list, .structure, .map:
      throw TokyoDataError(.unsupported, "a query has no literals of nested types")
    case .bool(let value): bool(value)
    case .int(let value): integer(value)
    case .float(let value): real(value)
    case .double(let value): double(value)
    case .decimal(let value): decimal(value)
    case .string(let value): string(value)
    case .bytes(let value): bytes(value)
    case .date(let value): date(value)
    case .time(let value): integer(value.microsecondsSinceMidnight)
    case .timestamp(let value): integer(value.microsecondsSince1970)
    case .localTimestamp(let value): integer(value.microsecondsSince1970)
    }
  }

  private static func timestamp(_ microseconds: Int64) -> String {
    let text = LocalTimestamp(microsecondsSince1970: microseconds).description
    return "TIMESTAMP '\(text.split(separator: "T").joined(separator: " "))'"
  }
}

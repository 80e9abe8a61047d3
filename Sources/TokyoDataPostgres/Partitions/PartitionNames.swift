internal import TokyoDataCore

/// The names of the partitions that we make: the table's, and what they hold.
///
/// `events_p20260301` holds a day, `events_p202603` a month, `events_p20260302_20260315` the days between,
/// both included, and `events_overlay` all days below the oldest hot one. PostgreSQL cuts names after 63
/// bytes, so a long table's name is cut first and gets its hash.
struct PartitionNames {
  let table: QualifiedName

  var overlay: QualifiedName { named("_overlay") }

  func partition(_ days: Range<Day>) -> QualifiedName {
    let first = days.lowerBound
    let last = days.upperBound.advanced(by: -1)
    if first == last { return named("_p\(Self.digits(first))") }
    if PartitionUnit.month.start(of: first) == first, PartitionUnit.month.end(of: first) == days.upperBound {
      return named("_p\(Self.digits(first).dropLast(2))")
    }
    return named("_p\(Self.digits(first))_\(Self.digits(last))")
  }

  private func named(_ suffix: String) -> QualifiedName {
    let beginning = Self.shortened(table.table, to: 63 - suffix.utf8.count)
    return QualifiedName(schema: table.schema, table: beginning + suffix)
  }

  private static func shortened(_ name: String, to limit: Int) -> String {
    guard name.utf8.count > limit else { return name }
    let hash = "_" + String(XXH64.hash(Array(name.utf8), seed: 0), radix: 16)
    var kept = name.unicodeScalars
    while kept.count > 0, String(kept).utf8.count + hash.utf8.count > limit { kept.removeLast() }
    return String(kept) + hash
  }

  private static func digits(_ day: Day) -> String { "\(day)".filter { $0 != "-" } }
}

public import TokyoDataCore

/// How the rows of a table are split into parts that are read side by side.
public struct PostgresSplit: Hashable, Sendable {
  enum Way: Hashable, Sendable {
    case whole
    case days(ClosedRange<Day>?, column: String?)
    case keys(column: String, parts: Int)
    case bounds(column: String, [Int64])
  }

  let way: Way

  /// All rows are one part.
  public static let whole = PostgresSplit(way: .whole)

  /// A part for each UTC day of a time column, which serves best where it has an index.
  ///
  /// Without a range these are the days from the first row's to the last one's, and a part `undated` for rows
  /// whose time is null or infinite; with one only the rows of those days are read.
  ///
  /// - Parameters:
  ///   - range: the days that are read, nil for all rows.
  ///   - column: a `timestamptz`, `timestamp` or `date`; nil for the dataset's time column.
  public static func days(
    _ range: ClosedRange<Day>? = nil, of column: String? = nil
  ) -> PostgresSplit { PostgresSplit(way: .days(range, column: column)) }

  /// So many parts of an integer column, of equal width between its least and its greatest value.
  ///
  /// The first part reaches down and the last one up without bound; nulls are in the first.
  public static func keys(of column: String, parts: Int) -> PostgresSplit {
    PostgresSplit(way: .keys(column: column, parts: parts))
  }

  /// The parts below, between and from these values of an integer column on; they ascend.
  ///
  /// Nulls are in the first part.
  public static func keys(of column: String, at bounds: [Int64]) -> PostgresSplit {
    PostgresSplit(way: .bounds(column: column, bounds))
  }
}

/// One of the parts into which rows are split.
public struct PostgresPart: Hashable, Sendable, CustomStringConvertible {
  enum Extent: Hashable, Sendable {
    case all
    case day(Day)
    case undated
    case keys(column: String, from: Int64?, until: Int64?)
  }

  let extent: Extent

  /// The part in words that tell it from the others, such as `2026-11-01` or `id 1000..<2000`.
  public var name: String {
    switch extent {
    case .all: "all"
    case .day(let day): "\(day)"
    case .undated: "undated"
    case .keys(let column, let from, let until):
      "\(column) \(from.map { "\($0)" } ?? "")..<\(until.map { "\($0)" } ?? "")"
    }
  }

  /// The day whose rows these are, where the split is by day.
  public var day: Day? { if case .day(let day) = extent { day } else { nil } }

  /// The part's name.
  public var description: String { name }
}

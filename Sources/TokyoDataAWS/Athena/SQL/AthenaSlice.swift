internal import TokyoDataCore

/// Rows of one version that a statement reads: all, or those whose first key lies in a range.
///
/// Excluded keys of such a range only concern rows of that range. So a list of keys that is too long for one
/// statement is cut, and each statement reads the version's rows between its cuts.
struct AthenaSlice: Sendable {
  let version: PinnedVersion
  /// Rows of the excluded keys that concern this slice, ascending by the first key.
  private(set) var excluded: ArraySlice<Int>
  /// The first key is this or above.
  private(set) var from: ComparisonLiteral?
  /// The first key is below this.
  private(set) var until: ComparisonLiteral?
  private let firstKeys: [ComparisonLiteral]

  init(_ version: PinnedVersion) {
    self.version = version
    guard let keys = version.excludedKeys, let first = keys.columns.first else {
      firstKeys = []
      excluded = []
      return
    }
    let literals = (0..<keys.rowCount).map { ComparisonLiteral(first[$0], beside: first.type) }
    firstKeys = literals
    excluded = (0..<keys.rowCount).sorted { Self.precedes(literals[$0], literals[$1]) }[...]
  }

  /// Cuts the slice in two; nil where all its keys begin alike.
  func halves() -> (AthenaSlice, AthenaSlice)? {
    guard excluded.count > 1 else { return nil }
    let middle = excluded.startIndex + excluded.count / 2
    let cuts = [
      excluded[..<middle].lastIndex { firstKeys[$0] != firstKeys[excluded[middle]] }.map { $0 + 1 },
      excluded[middle...].firstIndex { firstKeys[$0] != firstKeys[excluded[middle]] },
    ].compactMap { $0 }
    guard let cut = cuts.first else { return nil }
    var (lower, upper) = (self, self)
    lower.excluded = excluded[..<cut]
    lower.until = firstKeys[excluded[cut]]
    upper.excluded = excluded[cut...]
    upper.from = firstKeys[excluded[cut]]
    return (lower, upper)
  }

  /// Literals of one column are of one kind.
  private static func precedes(_ left: ComparisonLiteral, _ right: ComparisonLiteral) -> Bool {
    switch (left, right) {
    case (.integer(let a), .integer(let b)), (.float(let a), .float(let b)): a < b
    case (.digits(let a), .digits(let b)): a < b
    case (.bytes(let a), .bytes(let b)): a.lexicographicallyPrecedes(b)
    default: false
    }
  }
}

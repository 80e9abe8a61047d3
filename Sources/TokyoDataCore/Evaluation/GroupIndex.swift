/// Numbers the distinct combinations of some key columns: from 0, in order of appearance.
///
/// Each column has its dictionary; a combination is the pair of what came before it and a column's code, so
/// every level hashes one 64-bit integer whatever the types.
struct GroupIndex: Sendable {
  private var dictionaries: [KeyDictionary]
  /// Level `i` numbers the combinations of the columns 0 to `i + 1`.
  private var levels: [CodeTable<Int64>]
  private(set) var count = 0

  init(_ types: [ColumnType]) {
    dictionaries = types.map { KeyDictionary($0) }
    levels = Array(repeating: CodeTable(), count: max(0, types.count - 1))
    // Without keys everything is one group, and it is there without rows.
    if types.isEmpty { count = 1 }
  }

  /// The group of each row, new ones where need be; nil where everything is one group for want of keys.
  mutating func groups(of columns: [ColumnVector]) -> [Int32]? {
    guard let first = columns.first else { return nil }
    var groups = dictionaries[0].codes(of: first)
    for (index, column) in columns.enumerated().dropFirst() {
      let codes = dictionaries[index].codes(of: column)
      for row in groups.indices {
        groups[row] = levels[index - 1].code(of: Self.pair(groups[row], codes[row]))
      }
    }
    for group in groups where Int(group) >= count { count = Int(group) + 1 }
    return groups
  }

  /// The group of each row, −1 for unknown ones.
  func find(_ columns: [ColumnVector]) -> [Int32] {
    guard let first = columns.first else { return [] }
    var groups = dictionaries[0].find(first)
    for (index, column) in columns.enumerated().dropFirst() {
      let codes = dictionaries[index].find(column)
      for row in groups.indices where groups[row] >= 0 {
        groups[row] = codes[row] < 0 ? -1 : levels[index - 1].find(Self.pair(groups[row], codes[row]))
      }
    }
    return groups
  }

  /// The keys of all groups, in their order.
  func keys() -> [ColumnVector] {
    guard !dictionaries.isEmpty else { return [] }
    var combinations = (0..<count).map { Int32(truncatingIfNeeded: $0) }
    var columns: [ColumnVector] = []
    for index in dictionaries.indices.reversed() {
      guard index > 0 else {
        columns.append(dictionaries[0].values(of: combinations))
        break
      }
      let pairs = combinations.map { levels[index - 1].keys[Int($0)] }
      columns.append(dictionaries[index].values(of: pairs.map { Int32(truncatingIfNeeded: $0) }))
      combinations = pairs.map { Int32(truncatingIfNeeded: $0 >> 32) }
    }
    return columns.reversed()
  }

  @inline(__always)
  private static func pair(_ group: Int32, _ code: Int32) -> Int64 {
    Int64(group) << 32 | Int64(UInt32(bitPattern: code))
  }
}

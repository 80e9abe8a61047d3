import TokyoDataParquet

extension RandomNumbers {
  /// A value of a type that holds no others; often one at the edge of what the type holds.
  mutating func value(_ type: ColumnType) -> ColumnValue {
    switch type {
    case .bool: return .bool(once(in: 2))
    case .int8: return .int(Int64(Int8(truncatingIfNeeded: integer())))
    case .int16: return .int(Int64(Int16(truncatingIfNeeded: integer())))
    case .int32: return .int(Int64(Int32(truncatingIfNeeded: integer())))
    case .int64: return .int(integer())
    case .float: return .float(float())
    case .double: return .double(double())
    case .decimal(let precision, let scale): return decimal(precision, scale)
    case .string: return .string(text())
    case .bytes: return .bytes((0..<count()).map { _ in once(in: 3) ? 255 : UInt8(below(256)) })
    case .date: return .date(Day(daysSince1970: Int32(truncatingIfNeeded: integer())))
    case .time: return .time(TimeOfDay(microsecondsSinceMidnight: Int64(below(86_400_000_000))))
    case .timestamp: return .timestamp(Timestamp(microsecondsSince1970: integer()))
    case .localTimestamp: return .localTimestamp(LocalTimestamp(microsecondsSince1970: integer()))
    default: return .null
    }
  }

  /// An integer of any size, positive or negative, and now and then the least or greatest.
  private mutating func integer() -> Int64 {
    if once(in: 12) { return pick([.min, .max, 0, -1, Int64(Int32.min), Int64(Int32.max)]) }
    return Int64(truncatingIfNeeded: next()) >> Int64(below(64))
  }

  private mutating func float() -> Float {
    switch below(8) {
    case 0: pick([.nan, -0.0, 0.0, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude])
    case 1: Float(bitPattern: UInt32(truncatingIfNeeded: next()))
    default: Float(integer()) / 64
    }
  }

  private mutating func double() -> Double {
    switch below(8) {
    case 0: pick([.nan, -0.0, 0.0, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude])
    case 1: Double(bitPattern: next())
    default: Double(integer()) / 100
    }
  }

  private mutating func decimal(_ precision: Int, _ scale: Int) -> ColumnValue {
    let limit: Int128 = (0..<precision).reduce(1) { power, _ in power * 10 }
    let wide = Int128(truncatingIfNeeded: next()) << 64 | Int128(truncatingIfNeeded: next())
    let digits = once(in: 10) ? pick([limit - 1, 1 - limit, 0]) : (wide >> below(128)) % limit
    return (try? Decimal128(unscaled: digits, scale: scale)).map(ColumnValue.decimal) ?? .null
  }

  private mutating func text() -> String {
    let characters = ["a", "b", "z", " ", "\u{0}", "é", "\u{d7ff}", "\u{e000}", "😀", "\u{10ffff}", "\u{301}"]
    let start = once(in: 2) ? "" : "a common start of some texts, longer than the bounds of pages are /"
    return start + (0..<count()).map { _ in pick(characters) }.joined()
  }

  private mutating func count() -> Int { once(in: 30) ? size(upTo: 3000) : below(12) }
}

extension ColumnValue {
  /// This literal in the terms of the type it is compared with; the comparison keeps its exact meaning.
  ///
  /// Texts become dates, times, decimals or bytes (base64); a binary64 number beside an exact type becomes
  /// the decimal that its shortest text says. Numbers may lie outside the type's range.
  ///
  /// - Throws: `TokyoDataError.typeMismatch` where the two have nothing to compare.
  func coerced(to type: ColumnType) throws(TokyoDataError) -> ColumnValue {
    switch (type, self) {
    case (_, .null): return .null
    case (.bool, .bool), (.string, .string), (.bytes, .bytes), (.date, .date), (.time, .time),
      (.timestamp, .timestamp), (.localTimestamp, .localTimestamp):
      return self
    case (.int8, _), (.int16, _), (.int32, _), (.int64, _): return try exactNumber(beside: type, scale: 0)
    case (.decimal(_, let scale), _): return try exactNumber(beside: type, scale: scale)
    case (.float, _), (.double, _): return try floatingPoint(beside: type)
    case (.bytes, .string(let text)):
      guard let bytes = Base64.decode(text) else { throw mismatch(type, "base64") }
      return .bytes(bytes)
    case (.date, .string(let text)):
      guard let day = Day(text) else { throw mismatch(type, "YYYY-MM-DD") }
      return .date(day)
    case (.time, .string(let text)):
      guard let time = TimeOfDay(text) else { throw mismatch(type, "HH:MM:SS") }
      return .time(time)
    case (.timestamp, .date(let day)): return .timestamp(day.start)
    case (.timestamp, .string(let text)):
      if let instant = Timestamp(text) { return .timestamp(instant) }
      guard let day = Day(text) else { throw mismatch(type, "YYYY-MM-DDTHH:MM:SSZ") }
      return .timestamp(day.start)
    case (.localTimestamp, .date(let day)):
      return .localTimestamp(LocalTimestamp(microsecondsSince1970: day.start.microsecondsSince1970))
    case (.localTimestamp, .string(let text)):
      guard let local = LocalTimestamp(text) else { throw mismatch(type, "YYYY-MM-DDTHH:MM:SS") }
      return .localTimestamp(local)
    default: throw mismatch(type, nil)
    }
  }

  /// This literal in the terms of the type it is added to or multiplied with: exact beside exact types, at
  /// its own scale, which counts for the result's.
  func operand(beside type: ColumnType) throws(TokyoDataError) -> ColumnValue {
    switch self {
    case .int, .decimal:
      if type.exactScale != nil { return self }
    default: break
    }
    // Through scale 0, so that a decimal keeps the digits it is written with and no more.
    guard case .decimal = type else { return try coerced(to: type) }
    return try exactNumber(beside: type, scale: 0)
  }

  /// An integer where the number is one, else a decimal, else (beyond 38 digits, infinite, NaN) a double.
  private func exactNumber(beside type: ColumnType, scale: Int) throws(TokyoDataError) -> ColumnValue {
    let decimal: Decimal128
    switch self {
    case .int(let value):
      guard scale > 0 else { return self }
      decimal = Decimal128(value)
    case .decimal(let value): decimal = value
    case .float(let value):
      guard let exact = Decimal128(shortestText: value.description) else { return .double(Double(value)) }
      decimal = exact
    case .double(let value):
      guard let exact = Decimal128(shortestText: value.description) else { return self }
      decimal = exact
    case .string(let text):
      guard !type.isInteger, let exact = Decimal128(text) else { throw mismatch(type, "a number") }
      decimal = exact
    default: throw mismatch(type, nil)
    }
    if type.isInteger {
      if let whole = try? decimal.rescaled(to: 0), let value = Int64(exactly: whole.unscaled) {
        return .int(value)
      }
      return .decimal(decimal)
    }
    return .decimal((try? decimal.rescaled(to: scale)) ?? decimal)
  }

  private func floatingPoint(beside type: ColumnType) throws(TokyoDataError) -> ColumnValue {
    let double: Double
    switch self {
    case .int(let value): double = Double(value)
    case .decimal(let value): double = value.nearestDouble
    case .float(let value): double = Double(value)
    case .double(let value): double = value
    case .string("NaN"): double = .nan
    case .string("Infinity"): double = .infinity
    case .string("-Infinity"): double = -.infinity
    default: throw mismatch(type, nil)
    }
    if type == .float, let narrow = Float(exactly: double) { return .float(narrow) }
    return .double(double)
  }

  private func mismatch(_ type: ColumnType, _ form: String?) -> TokyoDataError {
    TokyoDataError(
      .typeMismatch,
      "a \(kind) literal does not compare with \(type)" + (form.map { ", which is written as \($0)" } ?? ""))
  }
}

extension Decimal128 {
  /// The decimal that the shortest text of a binary number says, such as `0.1` or `1e-07`; nil for NaN,
  /// infinities and what needs more than 38 digits.
  init?(shortestText text: String) {
    let parts = text.split(separator: "e", maxSplits: 1)
    guard let mantissa = parts.first.flatMap({ Decimal128(String($0)) }),
      let exponent = parts.count == 2 ? Int(parts[1]) : 0
    else { return nil }
    var digits = mantissa.unscaled
    var places = mantissa.scale - exponent
    while places > 0, digits % 10 == 0 {
      digits /= 10
      places -= 1
    }
    if places < 0 {
      guard places >= -Self.maximumPrecision else { return nil }
      let (scaled, overflow) = digits.multipliedReportingOverflow(by: Self.powerOfTen(-places))
      guard !overflow else { return nil }
      digits = scaled
      places = 0
    }
    guard let value = try? Decimal128(unscaled: digits, scale: places) else { return nil }
    self = value
  }

  /// The nearest binary64 number.
  var nearestDouble: Double {
    // Both parts are exact doubles here, so one division rounds once.
    if unscaled.magnitude < 1 << 53, scale <= 22 {
      return Double(Int64(unscaled)) / Self.exactDoublePowers[scale]
    }
    return Double(description) ?? .nan
  }

  private static let exactDoublePowers: [Double] = {
    var powers: [Double] = [1]
    for _ in 1...22 { powers.append(powers[powers.count - 1] * 10) }
    return powers
  }()
}

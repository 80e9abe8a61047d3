extension Decimal128 {
  /// The same number with `scale` digits after the point.
  ///
  /// - Throws: `ColumnError` where digits would be lost or more than 38 are needed.
  public func rescaled(to scale: Int) throws(ColumnError) -> Decimal128 {
    guard scale != self.scale else { return self }
    let result = try rounded(to: scale)
    guard result == self else {
      throw ColumnError(.valueOutOfRange, "a decimal of scale \(self.scale) loses digits at scale \(scale)")
    }
    return result
  }

  /// The number rounded half away from zero to `scale` digits after the point.
  ///
  /// - Throws: `ColumnError` beyond 38 digits or for a scale outside 0 to 38.
  public func rounded(to scale: Int) throws(ColumnError) -> Decimal128 {
    guard scale < self.scale, scale >= 0 else {
      return try Decimal128(unscaled: 0, scale: scale).extended(by: self)
    }
    let divisor = Self.powerOfTen(self.scale - scale)
    return try Decimal128(unscaled: Self.divideHalfAway(unscaled, by: divisor), scale: scale)
  }

  /// The sum, at the larger of both scales.
  public func adding(_ other: Decimal128) throws(ColumnError) -> Decimal128 {
    let (left, right) = try aligned(with: other)
    let (sum, overflow) = left.unscaled.addingReportingOverflow(right.unscaled)
    guard !overflow else { throw .decimalOverflow(scale: left.scale) }
    return try Decimal128(unscaled: sum, scale: left.scale)
  }

  /// The difference, at the larger of both scales.
  public func subtracting(_ other: Decimal128) throws(ColumnError) -> Decimal128 {
    try adding(other.negated)
  }

  /// The product, at the sum of both scales.
  public func multiplied(by other: Decimal128) throws(ColumnError) -> Decimal128 {
    let (product, overflow) = unscaled.multipliedReportingOverflow(by: other.unscaled)
    guard !overflow else { throw .decimalOverflow(scale: scale + other.scale) }
    return try Decimal128(unscaled: product, scale: scale + other.scale)
  }

  /// The number with its sign changed.
  public var negated: Decimal128 { Decimal128(unchecked: -unscaled, scale: scale) }

  /// The mean of values whose sum this is: six more digits after the point, rounded half away from zero.
  ///
  /// - Parameter count: how many values were added, above 0.
  public func mean(of count: Int64) throws(ColumnError) -> Decimal128 {
    guard count > 0 else { throw ColumnError(.valueOutOfRange, "a mean needs at least one value") }
    // Whole part first, so that sums of 38 digits do not overflow while six places are added.
    let (whole, rest) = unscaled.quotientAndRemainder(dividingBy: Int128(count))
    let (scaled, overflow) = whole.multipliedReportingOverflow(by: 1_000_000)
    guard !overflow else { throw .decimalOverflow(scale: scale + 6) }
    let places = Self.divideHalfAway(rest * 1_000_000, by: Int128(count))
    return try Decimal128(unscaled: scaled + places, scale: scale + 6)
  }

  static func divideHalfAway(_ value: Int128, by divisor: Int128) -> Int128 {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    // Twice the remainder may not fit, so compare it with what is left to the divisor.
    guard remainder.magnitude >= divisor.magnitude - remainder.magnitude else { return quotient }
    return quotient + (value.signum() < 0 ? -1 : 1)
  }

  private func aligned(with other: Decimal128) throws(ColumnError) -> (Decimal128, Decimal128) {
    if scale == other.scale { return (self, other) }
    let scale = max(scale, other.scale)
    return (try rescaled(to: scale), try other.rescaled(to: scale))
  }

  /// `other` written at this value's larger scale.
  private func extended(by other: Decimal128) throws(ColumnError) -> Decimal128 {
    let (digits, overflow) = other.unscaled.multipliedReportingOverflow(
      by: Self.powerOfTen(scale - other.scale))
    guard !overflow else { throw .decimalOverflow(scale: scale) }
    return try Decimal128(unscaled: digits, scale: scale)
  }
}

extension Decimal128 {
  /// The digits at a scale of the greatest number there that is not above this one, and whether it equals it;
  /// nil where 128 bits do not hold them.
  package func floor(at scale: Int) -> (digits: Int128, isExact: Bool)? {
    if self.scale <= scale {
      let (digits, overflow) = unscaled.multipliedReportingOverflow(
        by: Decimal128.powerOfTen(scale - self.scale))
      return overflow ? nil : (digits, true)
    }
    let (quotient, remainder) = unscaled.quotientAndRemainder(
      dividingBy: Decimal128.powerOfTen(self.scale - scale))
    return (remainder < 0 ? quotient - 1 : quotient, remainder == 0)
  }
}

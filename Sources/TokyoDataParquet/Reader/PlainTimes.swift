internal import TokyoDataColumns

/// Milliseconds in 32 or 64 bits, which become microseconds.
struct MicrosecondsFromMilliseconds<Integer: FixedWidthInteger & BitwiseCopyable & Sendable>: PlainValue {
  var width: Int { MemoryLayout<Integer>.size }
  var zero: Int64 { 0 }
  func value(at place: UnsafeRawPointer, _ fits: inout Bool) -> Int64 {
    let milliseconds = Int64(
      truncatingIfNeeded: Integer(littleEndian: place.loadUnaligned(as: Integer.self)))
    let (microseconds, overflow) = milliseconds.multipliedReportingOverflow(by: 1000)
    fits = fits && !overflow
    return microseconds
  }
  func storage(_ values: [Int64]) -> ColumnStorage { .int64(values) }
}

/// Nanoseconds, which become microseconds.
struct MicrosecondsFromNanoseconds: PlainValue {
  let isExact: Bool

  var width: Int { 8 }
  var zero: Int64 { 0 }
  var refusal: String { "a time that is no whole number of microseconds" }
  func value(at place: UnsafeRawPointer, _ fits: inout Bool) -> Int64 {
    let (microseconds, rest) = divided(Int64(littleEndian: place.loadUnaligned(as: Int64.self)))
    fits = fits && (rest == 0 || !isExact)
    return microseconds
  }
  func storage(_ values: [Int64]) -> ColumnStorage { .int64(values) }
}

/// The deprecated timestamps: nanoseconds of a day, then the number of the day in the Julian calendar.
struct MicrosecondsFromInt96: PlainValue {
  let isExact: Bool

  var width: Int { 12 }
  var zero: Int64 { 0 }
  var refusal: String { "a timestamp that is out of range or no whole number of microseconds" }
  func value(at place: UnsafeRawPointer, _ fits: inout Bool) -> Int64 {
    let (microseconds, rest) = divided(Int64(littleEndian: place.loadUnaligned(as: Int64.self)))
    let day = UInt32(littleEndian: place.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
    // 1970-01-01 is the Julian day 2,440,588.
    let (start, overflow) = (Int64(day) &- 2_440_588).multipliedReportingOverflow(by: 86_400_000_000)
    let (sum, carry) = start.addingReportingOverflow(microseconds)
    fits = fits && !overflow && !carry && (rest == 0 || !isExact)
    return sum
  }
  func storage(_ values: [Int64]) -> ColumnStorage { .int64(values) }
}

/// Whole microseconds, and the nanoseconds behind them, also before 1970.
@inline(__always)
private func divided(_ nanoseconds: Int64) -> (microseconds: Int64, rest: Int64) {
  let (quotient, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1000)
  return rest < 0 ? (quotient &- 1, rest &+ 1000) : (quotient, rest)
}

/// How a counter stands in a cache: its decimal text, as Redis keeps it.
enum CounterText {
  /// The sum of a counter and an amount.
  ///
  /// - Throws: `typeMismatch` where the bytes are no counter, `valueOutOfRange` beyond 64 bits.
  static func adding(_ amount: Int64, to value: [UInt8], store: String) throws(TokyoDataError) -> Int64 {
    // Only the one way to write a number counts: "+1" and "01" are what somebody else meant otherwise.
    guard let counter = Int64(String(decoding: value, as: UTF8.self)), Array(String(counter).utf8) == value
    else {
      throw TokyoDataError(
        .typeMismatch, "the entry is no counter: a whole number in decimal digits",
        context: .init(store: store, operation: "add"))
    }
    let (sum, overflow) = counter.addingReportingOverflow(amount)
    guard !overflow else {
      throw TokyoDataError(
        .valueOutOfRange, "the counter would pass 64 bits", context: .init(store: store, operation: "add"))
    }
    return sum
  }
}

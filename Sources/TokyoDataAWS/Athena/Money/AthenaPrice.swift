/// What Athena asks for a scan, by its list prices unless said otherwise.
///
/// Whole megabytes are paid for, ten at least; requests to S3 and Glue come on top and are not counted here.
public struct AthenaPrice: Hashable, Sendable {
  /// US dollars for 10¹² scanned bytes.
  public var dollarsPerTerabyte: Double
  /// The bytes that a query pays for at least.
  public var minimumBytes: Int

  /// Makes a price; the usual one unless said otherwise.
  public init(dollarsPerTerabyte: Double = 5, minimumBytes: Int = 10_000_000) {
    self.dollarsPerTerabyte = dollarsPerTerabyte
    self.minimumBytes = minimumBytes
  }

  /// The bytes that are paid for where so many are scanned.
  public func billedBytes(scanned bytes: Int) -> Int {
    let (rounded, overflow) = max(0, bytes).addingReportingOverflow(Self.megabyte - 1)
    return max(minimumBytes, overflow ? .max : rounded / Self.megabyte * Self.megabyte)
  }

  /// US dollars for bytes that are paid for.
  public func dollars(billedBytes bytes: Int) -> Double { Double(bytes) / 1e12 * dollarsPerTerabyte }

  /// The bytes that so many US dollars pay for.
  func bytes(forDollars dollars: Double) -> Int {
    guard dollarsPerTerabyte > 0, dollars > 0 else { return dollars > 0 ? .max : 0 }
    return Int(exactly: (dollars / dollarsPerTerabyte * 1e12).rounded(.down)) ?? .max
  }

  private static let megabyte = 1_000_000
}

/// The hash of a set of rows, whatever their order: their number, and the sum of each row's 128-bit hash.
///
/// Exact under union: the hash of two disjoint sets is the sum of theirs. Written `v1:<32 hex>:<rows>`;
/// `Documentation/RowHash.md` gives the encoding of a row and test vectors.
public struct RowHash: Hashable, Sendable {
  /// The sum of the rows' hashes, modulo 2^128.
  public private(set) var sum: UInt128 {
    get { UInt128(high) << 64 | UInt128(low) }
    set { (high, low) = (UInt64(truncatingIfNeeded: newValue >> 64), UInt64(truncatingIfNeeded: newValue)) }
  }
  // Two words, not one UInt128: Swift 6.3.1 on x86-64 corrupts the stack when an async protocol requirement
  // with many parameters takes a value that holds a 128-bit integer (`ExportSource.retire` through `any`).
  private var low: UInt64 = 0
  private var high: UInt64 = 0
  /// How many rows there are.
  public private(set) var rowCount: Int

  /// The hash of no rows.
  public init() {
    rowCount = 0
  }

  /// Adds another set of rows.
  public mutating func add(_ other: RowHash) {
    sum &+= other.sum
    rowCount += other.rowCount
  }

  /// Adds the rows of a batch, whose columns are those of the dataset in its order.
  public mutating func add(_ batch: ColumnBatch) {
    var encoder = RowEncoder()
    for row in 0..<batch.rowCount {
      encoder.encode(row: row, of: batch)
      sum &+= encoder.hash()
    }
    rowCount += batch.rowCount
  }
}

extension RowHash: LosslessStringConvertible {
  /// Reads `v1:<32 hex>:<rows>`, exactly as it is printed.
  public init?(_ description: String) {
    let parts = description.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "v1", parts[1].utf8.count == 32,
      let sum = UInt128(parts[1], radix: 16), let rowCount = Int(parts[2]), rowCount >= 0
    else { return nil }
    self.rowCount = rowCount
    self.sum = sum
    // Numbers also read with signs and capitals; one hash has one text.
    guard self.description == description else { return nil }
  }

  /// `v1:<32 hex>:<rows>`.
  public var description: String {
    let digits = String(sum, radix: 16)
    return "v1:" + String(repeating: "0", count: 32 - digits.count) + digits + ":\(rowCount)"
  }
}

extension RowHash: Codable {
  /// Reads the text.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let hash = RowHash(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected a v1 row hash")
    }
    self = hash
  }

  /// Writes the text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// The id of one run of export, retire or collect, in the ledger's `runs`.
public struct RunID: Hashable, Sendable, Codable, CustomStringConvertible {
  /// The ledger's number of the run.
  public var number: Int64

  /// Makes the id of the run with a number.
  public init(number: Int64) {
    self.number = number
  }

  /// The value as text.
  public var description: String { String(number) }
}

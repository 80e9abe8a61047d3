/// Which ledger it is: random, made with the ledger, the same for all who use it.
///
/// Keys of a cache hold it, so that ledgers may share one.
public struct LedgerID: Hashable, Sendable, CustomStringConvertible {
  /// The id as the ledger has it.
  public let description: String

  /// Takes the id that a ledger has.
  public init(_ text: String) {
    description = text
  }

  /// Makes the id of a new ledger.
  static func random() -> LedgerID {
    LedgerID("\(UInt64.random(in: .min ... .max))-\(UInt64.random(in: .min ... .max))")
  }
}

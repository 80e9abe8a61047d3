internal import Foundation

/// Whether to ask anew for what would still do for a while, so that not everybody asks at the moment it ends.
///
/// XFetch: the one who asks when `left` is left asks anew with a chance that grows to 1 towards the end, the earlier
/// the longer the question takes. Of many who ask at once about one does. Vattani, Chierichetti, Lowenstein: Optimal
/// Probabilistic Cache Stampede Prevention, PVLDB 8(8), 2015.
enum EarlyRefresh {
  /// - Parameter chance: from 0 to 1, not 0, at random.
  static func isDue(left: Duration, took: Duration, chance: Double) -> Bool {
    took * -log(chance) >= left
  }
}

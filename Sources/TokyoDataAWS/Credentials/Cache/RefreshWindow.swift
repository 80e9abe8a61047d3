internal import TokyoDataCore

/// When credentials that end are replaced: botocore's 15 and 10 minutes before their end.
///
/// Credentials that live shorter than an hour have windows that are shorter in proportion: a role assumed
/// for 15 minutes would be asked for anew with every request otherwise.
struct RefreshWindow: Sendable, Hashable {
  /// From here on a refresh is due, while the old credentials serve on.
  var advisory: Timestamp
  /// From here on requests wait for new ones.
  var mandatory: Timestamp

  /// Nil for credentials that last.
  init?(_ credentials: AWSCredentials, obtained: Timestamp) {
    guard let end = credentials.expiration else { return nil }
    let life = max(0, obtained.microseconds(until: end))
    advisory = end.adding(microseconds: -min(15 * Self.minute, life / 4))
    mandatory = end.adding(microseconds: -min(10 * Self.minute, life / 6))
  }

  private static let minute: Int64 = 60_000_000
}

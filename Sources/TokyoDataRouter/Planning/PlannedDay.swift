internal import TokyoDataCore

/// A day of the ledger in a plan under way: what is read for it, and why.
struct PlannedDay {
  /// What is read for a day.
  enum Role: Equatable {
    /// Its rows in hot.
    case hot
    /// Its copy alone: hot's rows of the day are the same, or newer than asked for.
    case copy
    /// Its copy, and hot's rows of the day, which replace the copy's by key.
    case copyBelowOverlay
    /// Only hot's rows of the day: its copy cannot contribute.
    case overlayAlone
    /// Nothing: its copy cannot contribute, and hot's rows of the day are the same or not asked for.
    case nothing
    /// Nothing, and the answer lacks it.
    case leftOut
  }

  var day: Day
  var role: Role
  var reason: String
  /// The version that the ledger names, where the copy plays a part.
  var version: VersionRecord?
  /// Hot holds rows of a day that is retired.
  var hasOverlay = false
  /// The version's row count answers, so that nothing is scanned.
  var isCounted = false

  /// The tier that serves the day.
  var tier: Tier {
    switch role {
    case .hot: .hot
    case .copy: .cold
    case .copyBelowOverlay: hasOverlay ? .coldWithOverlay : .cold
    case .overlayAlone: hasOverlay ? .hot : .nothing
    case .nothing, .leftOut: .nothing
    }
  }

  /// Hot's rows of the day must not enter the answer.
  var isKeptFromHot: Bool { role == .copy || role == .nothing || role == .leftOut }

  /// The copy is read.
  var isScanned: Bool { (role == .copy || role == .copyBelowOverlay) && !isCounted }

  /// The copy cannot contribute, for this reason.
  mutating func skipCopy(_ reason: String) {
    role = role == .copyBelowOverlay ? .overlayAlone : .nothing
    self.reason = reason
  }
}

/// Which days an export takes.
@nonexhaustive
public enum ExportMode: Hashable, Sendable {
  /// Days that were never exported, and days that changed since.
  case incremental
  /// All finished days of which hot holds rows.
  case full
  /// The finished days of a range of which hot holds rows, both ends included.
  case range(ClosedRange<Day>)

  /// A day is within the mode's reach.
  func reaches(_ day: Day) -> Bool {
    if case .range(let days) = self { return days.contains(day) }
    return true
  }

  /// Exported days are compared anew even where nothing marks them.
  var revisits: Bool { self != .incremental }
}

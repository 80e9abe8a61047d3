import TokyoData

/// A strip with a stroke a day: which tier holds it.
struct TierStrip {
  let days: [DayStatus]

  var svg: String {
    guard let first = days.first?.day, let last = days.last?.day else { return "" }
    let width = 960.0
    let stroke = width / Double(first.distance(to: last) + 1)
    var rects = ""
    for run in runs {
      let x = Double(first.distance(to: run.first)) * stroke
      let length = Double(run.first.distance(to: run.last) + 1) * stroke
      rects += """
        <rect class="\(run.state)" x="\(rounded(x))" y="0" width="\(rounded(length))" height="26" rx="2">\
        <title>\(run.first) – \(run.last): \(run.state)</title></rect>
        """
    }
    return """
      <svg viewBox="0 0 960 44" role="img" aria-label="Which tier holds which days">\(rects)\
      <text x="0" y="40">\(first)</text><text x="960" y="40" text-anchor="end">\(last)</text></svg>
      """
  }

  /// Days that follow each other in one state.
  private var runs: [(first: Day, last: Day, state: DayState)] {
    var runs: [(first: Day, last: Day, state: DayState)] = []
    for day in days {
      if let run = runs.last, run.state == day.state, run.last.next == day.day {
        runs[runs.count - 1].last = day.day
      } else {
        runs.append((day.day, day.day, day.state))
      }
    }
    return runs
  }
}

/// A coordinate with one digit after the point.
func rounded(_ number: Double) -> String {
  let tenths = Int((number * 10).rounded())
  return "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
}

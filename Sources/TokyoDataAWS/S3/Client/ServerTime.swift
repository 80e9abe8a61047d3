internal import FoundationEssentials

/// Times as S3 writes them, in seconds since 1970.
enum ServerTime {
  /// The form of documents: `2026-11-26T02:19:28.000Z`, also without the fraction.
  static func ofDocument(_ text: String) -> Double? {
    let seconds = text.split(separator: ".", maxSplits: 1)
    guard let whole = seconds.first else { return nil }
    let date = try? Date(seconds.count == 2 ? whole + "Z" : String(whole), strategy: .iso8601)
    return date?.timeIntervalSince1970
  }

  /// The form of headers: `Thu, 26 Nov 2026 02:19:28 GMT`.
  static func ofHeader(_ text: String) -> Double? {
    let parts = text.split(separator: " ")
    guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])) else {
      return nil
    }
    let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
    return ofDocument("\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z")
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
}

internal import TokyoDataCore

/// An instant as the JSON of AWS writes it: seconds since 1970, with a fraction.
struct EpochSeconds: Hashable, Sendable {
  let timestamp: Timestamp

  init(_ timestamp: Timestamp) { self.timestamp = timestamp }
}

extension EpochSeconds: Codable {
  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let microseconds = (try container.decode(Double.self) * 1e6).rounded()
    guard let exact = Int64(exactly: microseconds) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "no instant")
    }
    timestamp = Timestamp(microsecondsSince1970: exact)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(Double(timestamp.microsecondsSince1970) / 1e6)
  }
}

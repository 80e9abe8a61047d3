internal import TokyoDataCore

/// What a signature is good for: a moment, a region and a service.
struct SignatureScope: Sendable, Hashable {
  /// As in `20150830T123600Z`.
  let time: String
  /// As in `20150830/us-east-1/s3/aws4_request`.
  let text: String
  let region: String
  let service: String

  var date: Substring { time.prefix(8) }

  init(_ timestamp: Timestamp, region: String, service: String) {
    var time = ""
    for character in timestamp.description.utf8.prefix(19)
    where character != UInt8(ascii: "-") && character != UInt8(ascii: ":") {
      time.unicodeScalars.append(Unicode.Scalar(character))
    }
    self.time = time + "Z"
    self.region = region
    self.service = service
    text = "\(time.prefix(8))/\(region)/\(service)/aws4_request"
  }
}

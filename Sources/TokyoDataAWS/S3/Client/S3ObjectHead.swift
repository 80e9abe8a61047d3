/// What the head of an answer tells about an object.
struct S3ObjectHead: Sendable, Hashable {
  /// The size of the object, also where the answer brings a part of it.
  var size: Int
  /// What the answer brings; nil for all of it.
  var range: Range<Int>?
  /// Names this state of the object.
  var etag: String
  /// Of all of the object, where the answer has one that can be checked.
  var checksum: S3Checksum?
  /// What `S3Client` marked the object with when it made it.
  var mark: String?

  /// - Throws: `HTTPError` for an answer that does not tell what object it is of and how long, or contradicts itself.
  init(_ response: HTTPResponse) throws(HTTPError) {
    let headers = response.headers
    // S3 never leaves it out: what has none is the answer to something else.
    guard let etag = headers["etag"] else { throw HTTPError(.invalidResponse) }
    self.etag = etag
    guard let length = headers["content-length"].flatMap({ Int($0) }), length >= 0 else {
      throw HTTPError(.invalidResponse)
    }
    // Imitations of S3 answer a range with 200, and say all the same what it is.
    if let said = headers["content-range"] ?? (response.status == 206 ? "" : nil) {
      guard let place = Self.parse(said), place.range.count == length else {
        throw HTTPError(.invalidResponse)
      }
      (range, size) = place
    } else {
      size = length
    }
    checksum = range == nil ? S3Checksum(headers) : nil
    mark = headers[WriteMark.header]
  }

  /// Reads `bytes 0-9/100`.
  private static func parse(_ text: String) -> (range: Range<Int>, size: Int)? {
    let parts = text.split(whereSeparator: { " -/".contains($0) })
    guard parts.count == 4, parts[0] == "bytes", let first = Int(parts[1]), let last = Int(parts[2]),
      let size = Int(parts[3]), first >= 0, first <= last, last < size
    else { return nil }
    return (first..<last + 1, size)
  }
}

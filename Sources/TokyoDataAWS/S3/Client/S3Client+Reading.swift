extension S3Client {
  /// What S3 knows of an object; nil where there is none.
  func head(_ key: String) async throws -> S3ObjectHead? {
    var call = call(.headObject, .head, key)
    call.headers["x-amz-checksum-mode"] = "ENABLED"
    do {
      return try await client.send(call) { response, _ in try S3ObjectHead(response) }
    } catch let error as AWSServiceError where error.status == 404 {
      return nil
    }
  }

  /// Reads an object's first bytes, at most `limit`, and its head.
  ///
  /// An object that is no longer comes whole, and its checksum is checked.
  func first(_ limit: Int, of key: String) async throws -> (head: S3ObjectHead, pieces: [[UInt8]]) {
    var call = call(.getObject, .get, key)
    call.headers["x-amz-checksum-mode"] = "ENABLED"
    return try await client.send(call) { response, body in
      let head = try S3ObjectHead(response)
      let wanted = min(limit, head.size)
      let pieces = try await Self.collect(wanted, of: body, isAll: wanted == head.size)
      if wanted == head.size {
        var check = S3ChecksumCheck(head.checksum)
        for piece in pieces { check.update(piece) }
        guard check.isMet else { throw HTTPError(.invalidResponse) }
      }
      return (head, pieces)
    }
  }

  /// Reads a range of an object, all of it.
  ///
  /// - Parameter etag: The state that the object must be in, nil for any.
  /// - Throws: `S3RangeError` where the object ends before the range.
  func range(
    _ range: Range<Int>, of key: String, etag: String?
  ) async throws -> (head: S3ObjectHead, pieces: [[UInt8]]) {
    var call = call(.getObject, .get, key)
    call.headers["range"] = "bytes=\(range.lowerBound)-\(range.upperBound - 1)"
    call.headers["if-match"] = etag
    do {
      return try await client.send(call) { response, body in
        let head = try S3ObjectHead(response)
        guard let found = head.range, found.lowerBound == range.lowerBound else {
          throw HTTPError(.invalidResponse)
        }
        guard head.size >= range.upperBound else { throw S3RangeError(range: range, size: head.size) }
        guard found == range else { throw HTTPError(.invalidResponse) }
        return (head, try await Self.collect(range.count, of: body, isAll: true))
      }
    } catch let error as AWSServiceError where error.status == 416 {
      throw S3RangeError(range: range, size: nil)
    }
  }

  /// So many bytes of a body, which has no more if they are all.
  private static func collect(
    _ count: Int, of body: any HTTPResponseBody, isAll: Bool
  ) async throws -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var missing = count
    while isAll || missing > 0, let piece = try await body.next() {
      guard piece.count <= missing else {
        guard !isAll else { throw HTTPError(.invalidResponse) }
        pieces.append(Array(piece[..<missing]))
        return pieces
      }
      missing -= piece.count
      pieces.append(piece)
    }
    guard missing == 0 else { throw HTTPError(.connectionLost) }
    return pieces
  }
}

/// A range reaches beyond the end of its object.
struct S3RangeError: Error, Sendable, Hashable {
  var range: Range<Int>
  /// The object's size, where it is known.
  var size: Int?
}

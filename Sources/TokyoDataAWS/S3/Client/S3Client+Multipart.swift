internal import TokyoDataCore

/// A part that S3 has.
struct S3Part: Sendable, Hashable {
  var number: Int
  var etag: String
  var size: Int
  /// Nil for one that S3 copied itself.
  var checksum: CRC32?
}

/// An upload that S3 knows and nobody has finished.
struct S3PendingUpload: Sendable, Hashable {
  var key: String
  var id: String
  /// When it began, by S3's clock.
  var began: Timestamp?
}

extension S3Client {
  /// Begins an upload.
  ///
  /// Where the answer is lost the upload may have begun all the same, and nobody would know its id: it is
  /// ended before another try. Another writer's that began to upload to the same key in these seconds is
  /// ended with it, and fails. Who is canceled waits a little for the answer, so that this is rarely needed: a
  /// request that arrives after the look for what it began leaves an upload that only a lifecycle rule ends.
  func createUpload(_ key: String, mark: WriteMark) async throws -> String {
    var call = call(.createMultipartUpload, .post, key)
    call.query = [("uploads", nil)]
    call.headers["x-amz-checksum-algorithm"] = "CRC32"
    call.headers["x-amz-checksum-type"] = "FULL_OBJECT"
    setCreationHeaders(&call.headers, mark: mark)
    // Keys first: who is canceled while they are fetched has begun nothing, and need not wait for them to look.
    _ = try await client.credentials.credentials()
    try Task.checkCancellation()
    for attempt in 1... {
      let elapsed = client.time.stopwatch()
      do {
        // rclone names the document otherwise; its id is what matters.
        let (answer, _) = try await client.time.finishing(within: Self.grace) { [call] in
          try await document(call, nil)
        }
        guard let id = answer["UploadId"]?.text, !id.isEmpty else { throw HTTPError(.invalidResponse) }
        return id
      } catch  where Self.mayHaveHappened(error) {
        // Cancelled or not: what may have begun is ended.
        await Task { await endUploads(of: key, begunWithin: elapsed) }.value
        try Task.checkCancellation()
        guard attempt < 3 else { throw error }
      }
    }
    throw HTTPError(.invalidResponse)
  }

  /// Longer than S3 takes to begin an upload.
  private static let grace = Duration.seconds(2)

  /// Uploads a part.
  func uploadPart(_ bytes: [ArraySlice<UInt8>], number: Int, of id: String, to key: String) async throws
    -> S3Part
  {
    let checksum = CRC32(bytes)
    var call = call(.uploadPart, .put, key, bytes: bytes, checksum: checksum)
    call.query = [("partNumber", String(number)), ("uploadId", id)]
    let etag = try await client.send(call) { response, body in
      try await Self.receipt(of: checksum, call.operation, response, body)
    }
    return S3Part(number: number, etag: etag, size: call.body.length, checksum: checksum)
  }

  /// Makes a part of a range of another object.
  func copyPart(
    _ range: Range<Int>, of source: String, etag: String?, number: Int, of id: String, to key: String
  ) async throws -> S3Part {
    var call = call(.uploadPartCopy, .put, key)
    call.query = [("partNumber", String(number)), ("uploadId", id)]
    call.headers["x-amz-copy-source"] = copySource(source)
    call.headers["x-amz-copy-source-range"] = "bytes=\(range.lowerBound)-\(range.upperBound - 1)"
    call.headers["x-amz-copy-source-if-match"] = etag
    call.headers["x-amz-source-expected-bucket-owner"] = expectedOwner
    let (answer, _) = try await document(call, "CopyPartResult")
    guard let etag = answer["ETag"]?.text else { throw HTTPError(.invalidResponse) }
    return S3Part(number: number, etag: etag, size: range.count)
  }

  /// Makes the object of its parts, unless one is there.
  ///
  /// Whether this succeeds or not, the upload is over and nothing of it is left, as far as S3 can be reached.
  ///
  /// - Throws: `AWSServiceError` with status 412 where the key is taken, 404 where somebody ended the upload.
  func completeUpload(_ id: String, parts: [S3Part], to key: String, mark: WriteMark) async throws {
    let named = parts.map { part in
      XMLElement(
        "Part",
        [XMLElement("PartNumber", String(part.number)), XMLElement("ETag", part.etag)]
          + (part.checksum.map { [XMLElement("ChecksumCRC32", $0.text)] } ?? []))
    }
    var call = call(.completeMultipartUpload, .post, key)
    call.query = [("uploadId", id)]
    call.headers["content-type"] = "application/xml"
    call.headers["if-none-match"] = "*"
    call.headers["x-amz-mp-object-size"] = String(parts.reduce(0) { $0 + $1.size })
    if let whole = Self.checksum(of: parts) {
      call.headers[S3Checksum.Algorithm.crc32.header] = whole.text
      call.headers["x-amz-checksum-type"] = "FULL_OBJECT"
    }
    let request = XMLElement("CompleteMultipartUpload", named).document(namespace: Self.namespace)
    call.body = .bytes([request[...]])
    do { _ = try await document(call, "CompleteMultipartUploadResult") } catch {
      // The object may have been made all the same. After the abort nothing changes any more, and its mark
      // tells; cancelled or not, what was begun is ended.
      let isMade = await Task {
        await abort(id, of: key)
        return try? await head(key)?.mark == mark.text
      }.value
      guard isMade == true else { throw error }
    }
  }

  /// Ends an upload, as far as S3 can be reached.
  func abort(_ id: String, of key: String) async {
    // A part that was on its way may arrive after the abort, so that S3 asks to look again; and even a refusal
    // may be for once.
    for _ in 0..<3 {
      var call = call(.abortMultipartUpload, .delete, key)
      call.query = [("uploadId", id)]
      do {
        try await headers(call)
        // What cannot be looked at counts as not ended.
        guard let left = try await listParts(of: id, to: key), !left.isEmpty else { return }
      } catch let error as AWSServiceError where error.status == 404 {
        return
      } catch {}
    }
  }

  /// The parts that S3 has of an upload; nil where there is no such upload.
  func listParts(of id: String, to key: String) async throws -> [S3Part]? {
    var parts: [S3Part] = []
    var marker: String?
    repeat {
      var call = call(.listParts, .get, key)
      call.query = [("uploadId", id)]
      if let marker { call.query.append(("part-number-marker", marker)) }
      do {
        let (page, _) = try await document(call, "ListPartsResult")
        for element in page.all("Part") {
          guard let number = element["PartNumber"].flatMap({ Int($0.text) }),
            let size = element["Size"].flatMap({ Int($0.text) }), let etag = element["ETag"]?.text
          else { throw HTTPError(.invalidResponse) }
          parts.append(S3Part(number: number, etag: etag, size: size))
        }
        let next = page["IsTruncated"]?.text == "true" ? page["NextPartNumberMarker"]?.text : nil
        guard next == nil || next != marker else { throw HTTPError(.invalidResponse) }
        marker = next
      } catch let error as AWSServiceError where error.status == 404 {
        return nil
      }
    } while marker != nil
    return parts
  }

  /// Ends the uploads to a key that began so recently.
  private func endUploads(of key: String, begunWithin elapsed: @escaping @Sendable () -> Duration) async {
    try? await listUploads(prefix: key) { uploads, now in
      // Until S3 has answered, however long the look took; it tells the beginning to the second.
      let window = (elapsed().components.seconds + 2) * 1_000_000
      for upload in uploads where upload.key.utf8.elementsEqual(key.utf8) {
        guard let now, let began = upload.began, began.microseconds(until: now) <= window else { continue }
        await abort(upload.id, of: key)
      }
    }
  }

  /// The request may have been carried out though it ended in this error.
  private static func mayHaveHappened(_ error: any Error) -> Bool {
    switch error {
    case let error as HTTPError: !error.isUnsent
    case let error as AWSServiceError: error.status >= 500
    default: error is CancellationError
    }
  }

  /// The checksum of an object from those of its parts.
  private static func checksum(of parts: [S3Part]) -> CRC32? {
    var whole = CRC32()
    for part in parts {
      guard let checksum = part.checksum else { return nil }
      whole.append(checksum, length: part.size)
    }
    return whole
  }
}

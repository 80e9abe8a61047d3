extension S3Client {
  /// Makes an object in one request, unless one is there.
  ///
  /// - Throws: `AWSServiceError` with status 412 where the key is taken.
  func put(_ bytes: [ArraySlice<UInt8>], as key: String) async throws {
    let mark = WriteMark()
    let checksum = CRC32(bytes)
    var call = call(.putObject, .put, key, bytes: bytes, checksum: checksum)
    call.headers["if-none-match"] = "*"
    setCreationHeaders(&call.headers, mark: mark)
    try await unlessOurs(key, mark) {
      try await client.send(call) { response, body in
        _ = try await Self.receipt(of: checksum, call.operation, response, body)
      }
    }
  }

  /// Copies an object of at most 5 GiB in this bucket, unless one is there.
  ///
  /// - Throws: `AWSServiceError` with status 412 where the key is taken or the source changed.
  func copy(_ source: String, etag: String?, to key: String) async throws {
    let mark = WriteMark()
    var call = call(.copyObject, .put, key)
    call.headers["x-amz-copy-source"] = copySource(source)
    call.headers["x-amz-copy-source-if-match"] = etag
    call.headers["x-amz-source-expected-bucket-owner"] = expectedOwner
    call.headers["x-amz-checksum-algorithm"] = "CRC32"
    // The source's mark is not the copy's.
    call.headers["x-amz-metadata-directive"] = "REPLACE"
    call.headers["if-none-match"] = "*"
    setCreationHeaders(&call.headers, mark: mark)
    try await unlessOurs(key, mark) { _ = try await document(call, "CopyObjectResult") }
  }

  /// Runs a conditional write; a refusal because of an object that an earlier try of it made is none.
  ///
  /// The transport may send a request again without telling, so that no count of tries is asked for.
  func unlessOurs(_ key: String, _ mark: WriteMark, _ write: () async throws -> Void) async throws {
    do { try await write() } catch let error as AWSServiceError where error.status == 412 {
      guard try await head(key)?.mark == mark.text else { throw error }
    }
  }

  /// Deletes objects, at most 1,000.
  ///
  /// - Returns: the keys that may still be there, each with the reason.
  func delete(_ keys: [String]) async throws -> [(key: String, error: AWSServiceError)] {
    var refused: [(key: String, error: AWSServiceError)] = []
    for key in keys where !Self.canStandInDocument(key) {
      do { try await headers(call(.deleteObject, .delete, key)) } catch let error as AWSServiceError {
        refused.append((key, error))
      }
    }
    let listed = keys.filter(Self.canStandInDocument)
    guard !listed.isEmpty else { return refused }
    let request = XMLElement(
      "Delete",
      [XMLElement("Quiet", "true")] + listed.map { XMLElement("Object", [XMLElement("Key", $0)]) })
    let call = call(.deleteObjects, .post, query: "delete", document: request)
    let (answer, headers) = try await document(call, "DeleteResult")
    for element in answer.all("Error") {
      let error = AWSServiceError(
        service: call.operation.service.rawValue, operation: call.operation.name,
        code: element["Code"]?.text ?? "Unknown", status: 200, requestID: headers["x-amz-request-id"],
        message: element["Message"]?.text)
      refused.append((element["Key"]?.text ?? "", error))
    }
    return refused
  }

  /// The name of what the service received, if its answer is about these bytes.
  static func receipt(
    of checksum: CRC32, _ operation: AWSOperation, _ response: HTTPResponse, _ body: any HTTPResponseBody
  ) async throws -> String {
    let bytes = try await body.collect(upTo: 1 << 20)
    if let document = try? XMLElement(reading: bytes), document.name == "Error" {
      throw AWSServiceError(document, of: operation, response)
    }
    guard let etag = response.headers["etag"] else { throw HTTPError(.invalidResponse) }
    let found = response.headers[S3Checksum.Algorithm.crc32.header]
    guard found == nil || found == checksum.text else { throw HTTPError(.invalidResponse) }
    return etag
  }

  /// XML 1.0 has no way to write some characters, not even by their numbers.
  static func canStandInDocument(_ key: String) -> Bool {
    key.unicodeScalars.allSatisfy {
      switch $0.value {
      case 0x9, 0xA, 0xD, 0x20...0xD7FF, 0xE000...0xFFFD, 0x1_0000...0x10_FFFF: true
      default: false
      }
    }
  }

  func copySource(_ key: String) -> String { "/\(bucket)/" + URIEncoding.encode(key, keepsSlashes: true) }
}

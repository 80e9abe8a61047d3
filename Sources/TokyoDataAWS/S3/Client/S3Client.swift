/// S3's operations on one bucket, as they stand in its documentation; keys and prefixes are plain text.
///
/// Throws what `AWSClient` throws. What is one operation to the caller is safe to repeat here: where an
/// answer was lost, it finds out what became of the request.
struct S3Client: Sendable {
  let client: AWSClient
  let bucket: String
  /// The account that must own the bucket; nil for any.
  var expectedOwner: String?
  /// How new objects are encrypted; nil for the bucket's way.
  var encryption: S3Encryption?
  /// The class of new objects; nil for the standard one.
  var storageClass: S3StorageClass?
  /// New objects' bytes are part of the signature over TLS too, beside the checksum that always is.
  var signsPayloads = false

  func call(_ operation: AWSOperation, _ method: HTTPMethod, _ key: String? = nil) -> AWSCall {
    var call = AWSCall(operation)
    call.method = method
    call.bucket = bucket
    call.path = "/" + (key ?? "")
    call.headers["x-amz-expected-bucket-owner"] = expectedOwner
    return call
  }

  /// A call that brings a document, with its checksum, which S3 demands for some.
  func call(
    _ operation: AWSOperation, _ method: HTTPMethod, query: String, document: XMLElement
  ) -> AWSCall {
    var call = call(operation, method)
    call.query = [(query, nil)]
    let bytes = document.document(namespace: Self.namespace)[...]
    call.body = .bytes([bytes])
    call.headers["content-type"] = "application/xml"
    call.headers[S3Checksum.Algorithm.crc32.header] = CRC32([bytes]).text
    return call
  }

  /// A call that brings bytes of an object, with their checksum.
  func call(
    _ operation: AWSOperation, _ method: HTTPMethod, _ key: String, bytes: [ArraySlice<UInt8>],
    checksum: CRC32
  ) -> AWSCall {
    var call = call(operation, method, key)
    call.body = .bytes(bytes)
    call.headers[S3Checksum.Algorithm.crc32.header] = checksum.text
    call.payload = signsPayloads ? .signed : .unsigned
    return call
  }

  /// The document of an answer.
  ///
  /// S3 begins some answers with status 200 before it knows how the work ends: an error in their body is
  /// thrown like any other.
  ///
  /// - Parameter root: The name of the document; nil where imitations of S3 have names of their own.
  func document(_ call: AWSCall, _ root: String?) async throws -> (XMLElement, HTTPHeaders) {
    try await client.send(call) { response, body in
      let bytes = try await body.collect(upTo: XMLLimits().bytes)
      guard let document = try? XMLElement(reading: bytes) else { throw HTTPError(.invalidResponse) }
      if document.name == "Error" {
        throw AWSServiceError(inBodyOf: response, bytes, of: call.operation)
      }
      guard root == nil || document.name == root else { throw HTTPError(.invalidResponse) }
      return (document, response.headers)
    }
  }

  /// The headers of an answer without a document, unless it has that of an error all the same.
  @discardableResult
  func headers(_ call: AWSCall) async throws -> HTTPHeaders {
    try await client.send(call) { response, body in
      let bytes = try await body.collect(upTo: XMLLimits().bytes)
      if !bytes.isEmpty, let document = try? XMLElement(reading: bytes), document.name == "Error" {
        throw AWSServiceError(inBodyOf: response, bytes, of: call.operation)
      }
      return response.headers
    }
  }

  /// Of the documents that we send.
  static let namespace = "http://s3.amazonaws.com/doc/2006-03-01/"

  /// What is set for all new objects.
  func setCreationHeaders(_ headers: inout HTTPHeaders, mark: WriteMark) {
    headers[WriteMark.header] = mark.text
    setStorageHeaders(&headers)
  }

  /// How new objects are kept.
  func setStorageHeaders(_ headers: inout HTTPHeaders) {
    headers["x-amz-storage-class"] = storageClass?.name
    headers["x-amz-server-side-encryption"] = encryption?.algorithm.name
    headers["x-amz-server-side-encryption-aws-kms-key-id"] = encryption?.keyID
    if let usesBucketKey = encryption?.usesBucketKey {
      headers["x-amz-server-side-encryption-bucket-key-enabled"] = usesBucketKey ? "true" : "false"
    }
  }
}

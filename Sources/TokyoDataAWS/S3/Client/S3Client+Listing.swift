internal import TokyoDataCore

extension S3Client {
  /// A page of the objects whose keys begin with a prefix, in S3's order: that of the bytes.
  ///
  /// - Parameter token: What the page before gave for the next; nil for the first.
  func list(
    prefix: String, token: String?
  ) async throws -> (objects: [(key: String, size: Int)], next: String?) {
    var call = call(.listObjects, .get)
    call.query = [("list-type", "2"), ("encoding-type", "url"), ("prefix", prefix)]
    if let token { call.query.append(("continuation-token", token)) }
    let (page, _) = try await document(call, "ListBucketResult")
    let objects = try page.all("Contents").map { element in
      guard let size = element["Size"].flatMap({ Int($0.text) }), size >= 0 else {
        throw HTTPError(.invalidResponse)
      }
      return (key: try Self.key(of: element, in: page), size: size)
    }
    let next = page["IsTruncated"]?.text == "true" ? page["NextContinuationToken"]?.text : nil
    // A server that gives the same page for ever would hold us for ever.
    guard next == nil || next != token else { throw HTTPError(.invalidResponse) }
    return (objects, next)
  }

  /// Hands on the uploads under way whose keys begin with a prefix, in pages, and S3's time with each page.
  func listUploads(
    prefix: String, _ consume: (_ uploads: [S3PendingUpload], _ now: Timestamp?) async throws -> Void
  ) async throws {
    var marker: (key: String, id: String)?
    repeat {
      var call = call(.listMultipartUploads, .get)
      call.query = [("uploads", nil), ("encoding-type", "url"), ("prefix", prefix)]
      if let marker { call.query += [("key-marker", marker.key), ("upload-id-marker", marker.id)] }
      let (page, headers): (XMLElement, HTTPHeaders)
      do { (page, headers) = try await document(call, "ListMultipartUploadsResult") } catch let error
        as AWSServiceError where error.code == "NoSuchUpload"
      { return }  // so rclone says that a bucket has none
      let uploads = try page.all("Upload").map { element in
        guard let id = element["UploadId"]?.text else { throw HTTPError(.invalidResponse) }
        return S3PendingUpload(
          key: try Self.key(of: element, in: page), id: id,
          began: element["Initiated"].flatMap { Timestamp($0.text) })
      }
      if !uploads.isEmpty { try await consume(uploads, headers["date"].flatMap(HTTPDate.timestamp)) }
      guard page["IsTruncated"]?.text == "true" else { return }
      guard let key = page["NextKeyMarker"]?.text, let id = page["NextUploadIdMarker"]?.text,
        let decoded = page["EncodingType"] == nil ? key : ListingEncoding.decode(key),
        marker.map({ $0 != (decoded, id) }) ?? true
      else { throw HTTPError(.invalidResponse) }
      marker = (decoded, id)
    } while true
  }

  /// A key as it stands in an element, encoded if the page says so.
  private static func key(of element: XMLElement, in page: XMLElement) throws(HTTPError) -> String {
    guard let text = element["Key"]?.text,
      let key = page["EncodingType"]?.text == "url" ? ListingEncoding.decode(text) : text
    else { throw HTTPError(.invalidResponse) }
    return key
  }
}

internal import TokyoDataCore

extension S3Client {
  /// Whether the bucket is there.
  func headBucket() async throws -> Bool {
    do { _ = try await client.send(call(.headBucket, .head)) } catch let error as AWSServiceError
      where error.status == 404
    { return false }
    return true
  }

  /// Makes the bucket; one that is ours stays.
  func createBucket(in region: String) async throws {
    var call = call(.createBucket, .put)
    // It has no owner yet, and this one region may not be named.
    call.headers["x-amz-expected-bucket-owner"] = nil
    if region != "us-east-1" {
      let request = XMLElement("CreateBucketConfiguration", [XMLElement("LocationConstraint", region)])
      call.body = .bytes([request.document(namespace: Self.namespace)[...]])
      call.headers["content-type"] = "application/xml"
    }
    do { try await headers(call) } catch let error as AWSServiceError
      where error.code == "BucketAlreadyOwnedByYou"
    {}
  }

  func lifecycle() async throws -> [S3LifecycleRule] {
    guard let document = try await configuration(.getBucketLifecycle, "lifecycle", "LifecycleConfiguration")
    else { return [] }
    return document.all("Rule").map(S3LifecycleRule.init)
  }

  func setLifecycle(_ rules: [S3LifecycleRule]) async throws {
    guard !rules.isEmpty else {
      var call = call(.deleteBucketLifecycle, .delete)
      call.query = [("lifecycle", nil)]
      try await headers(call)
      return
    }
    try await configure(
      .putBucketLifecycle, "lifecycle", XMLElement("LifecycleConfiguration", rules.map(\.element)))
  }

  func publicAccessBlock() async throws -> S3PublicAccessBlock {
    let document = try await configuration(
      .getPublicAccessBlock, "publicAccessBlock", "PublicAccessBlockConfiguration")
    func isSet(_ name: String) -> Bool { document?[name]?.text.lowercased() == "true" }
    return S3PublicAccessBlock(
      blocksPublicACLs: isSet("BlockPublicAcls"), ignoresPublicACLs: isSet("IgnorePublicAcls"),
      blocksPublicPolicies: isSet("BlockPublicPolicy"),
      restrictsPublicPolicies: isSet("RestrictPublicBuckets"))
  }

  func setPublicAccessBlock(_ block: S3PublicAccessBlock) async throws {
    func flag(_ name: String, _ isSet: Bool) -> XMLElement { XMLElement(name, isSet ? "true" : "false") }
    try await configure(
      .putPublicAccessBlock, "publicAccessBlock",
      XMLElement(
        "PublicAccessBlockConfiguration",
        [
          flag("BlockPublicAcls", block.blocksPublicACLs), flag("IgnorePublicAcls", block.ignoresPublicACLs),
          flag("BlockPublicPolicy", block.blocksPublicPolicies),
          flag("RestrictPublicBuckets", block.restrictsPublicPolicies),
        ]))
  }

  func bucketEncryption() async throws -> S3Encryption? {
    let document = try await configuration(
      .getBucketEncryption, "encryption", "ServerSideEncryptionConfiguration")
    guard let rule = document?["Rule"], let settings = rule["ApplyServerSideEncryptionByDefault"],
      let algorithm = settings["SSEAlgorithm"]?.text
    else { return nil }
    return S3Encryption(
      algorithm: .init(name: algorithm), keyID: settings["KMSMasterKeyID"]?.text,
      usesBucketKey: rule["BucketKeyEnabled"].map { $0.text == "true" })
  }

  func setBucketEncryption(_ encryption: S3Encryption) async throws {
    var usual = XMLElement(
      "ApplyServerSideEncryptionByDefault", [XMLElement("SSEAlgorithm", encryption.algorithm.name)])
    if let keyID = encryption.keyID { usual.children.append(XMLElement("KMSMasterKeyID", keyID)) }
    var rule = XMLElement("Rule", [usual])
    if let usesBucketKey = encryption.usesBucketKey {
      rule.children.append(XMLElement("BucketKeyEnabled", usesBucketKey ? "true" : "false"))
    }
    try await configure(
      .putBucketEncryption, "encryption", XMLElement("ServerSideEncryptionConfiguration", [rule]))
  }

  func versioning() async throws -> S3Versioning {
    let document = try await configuration(.getBucketVersioning, "versioning", nil)
    return S3Versioning(status: document?["Status"]?.text ?? "")
  }

  func setVersioning(_ versioning: S3Versioning) async throws {
    guard versioning != .disabled else {
      throw TokyoDataError(.invalidArgument, "versioning can be suspended, not undone")
    }
    try await configure(
      .putBucketVersioning, "versioning",
      XMLElement("VersioningConfiguration", [XMLElement("Status", versioning.status)]))
  }

  /// A part of the bucket's configuration; nil where it has none, which S3 says in another way for each.
  private func configuration(
    _ operation: AWSOperation, _ query: String, _ root: String?
  ) async throws -> XMLElement? {
    var call = call(operation, .get)
    call.query = [(query, nil)]
    do { return try await document(call, root).0 } catch let error as AWSServiceError
      where error.status == 404 && error.code != "NoSuchBucket"
    { return nil }
  }

  private func configure(_ operation: AWSOperation, _ query: String, _ document: XMLElement) async throws {
    try await headers(call(operation, .put, query: query, document: document))
  }
}

public import TokyoDataLake

extension S3ObjectStore {
  /// Makes a link that reads an object, for a browser or another program without keys.
  ///
  /// Nothing is asked of S3: the object need not be there. `expectedBucketOwner` is not checked by the link.
  ///
  /// - Parameters:
  ///   - key: The object.
  ///   - validity: From a second to seven days, counted in whole seconds. Temporary keys end a link with them.
  /// - Throws: `TokyoDataError.invalidArgument` for another validity, `permissionDenied` where there are no
  ///   keys, `CancellationError`.
  public func presignedGet(_ key: ObjectKey, for validity: Duration) async throws -> S3Link {
    try await run(key.name) {
      try await client.client.presign(client.linkedCall(.getObject, .get, path(of: key)), for: validity)
    }
  }

  /// Makes a link that writes an object that is not there yet; S3 refuses it, with status 412, where it is.
  ///
  /// The request must send the link's `headers`. The link says nothing of size or content: whoever has it
  /// decides on both. `expectedBucketOwner` is not checked by the link.
  ///
  /// - Parameters:
  ///   - key: The object.
  ///   - validity: From a second to seven days, counted in whole seconds. Temporary keys end a link with them.
  /// - Throws: As `presignedGet(_:for:)`.
  public func presignedPut(_ key: ObjectKey, for validity: Duration) async throws -> S3Link {
    var call = client.linkedCall(.putObject, .put, path(of: key))
    call.headers["if-none-match"] = "*"
    client.setStorageHeaders(&call.headers)
    return try await run(key.name) { [call] in try await client.client.presign(call, for: validity) }
  }
}

extension S3Client {
  /// A call without headers that its sender could not know.
  func linkedCall(_ operation: AWSOperation, _ method: HTTPMethod, _ key: String) -> AWSCall {
    var call = AWSCall(operation)
    call.method = method
    call.bucket = bucket
    call.path = "/" + key
    call.query = [("x-id", operation.name)]
    return call
  }
}

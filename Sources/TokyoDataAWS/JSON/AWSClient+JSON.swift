internal import TokyoDataCore

extension AWSClient {
  /// Makes a call of a service that speaks JSON, and reads its answer.
  ///
  /// - Throws: as `send` does; `TokyoDataError.invalidData` for an answer that cannot be read.
  func call<Output: Decodable>(
    _ operation: AWSOperation, _ input: some Encodable, as output: Output.Type = Output.self
  ) async throws -> Output {
    guard let dialect = operation.service.jsonDialect else {
      throw TokyoDataError(.internal, "\(operation.service.rawValue) does not speak JSON")
    }
    var call = AWSCall(operation)
    call.headers["content-type"] = dialect.contentType
    call.headers["x-amz-target"] = "\(dialect.targetPrefix).\(operation.name)"
    call.body = .bytes([try dialect.encode(input, for: operation)[...]])
    return try dialect.decode(output, from: try await send(call).body, of: operation)
  }
}

/// The answer of an operation that has nothing to say.
struct EmptyAnswer: Decodable, Sendable {}

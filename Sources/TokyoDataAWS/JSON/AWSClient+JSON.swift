internal import TokyoDataCore

extension AWSClient {
  /// Makes a call of a service that speaks JSON, and reads its answer.
  ///
  /// An answer that cannot be read counts as one that did not come whole: damage on the way cannot be told from
  /// a document of another shape. An error in it is thrown like any other.
  ///
  /// - Throws: as `send` does; `TokyoDataError.invalidData` for an answer that cannot be read, after the last try.
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
    var unreadable: TokyoDataError?
    do {
      return try await send(call) { response, body in
        // What an earlier try received says nothing of this one.
        unreadable = nil
        let bytes = try await body.collect(upTo: 64 << 20)
        let answer: JSONAnswer<Output>
        do throws(TokyoDataError) {
          answer = try dialect.decode(JSONAnswer<Output>.self, from: bytes, of: operation)
        } catch {
          unreadable = error
          throw HTTPError(.invalidResponse)
        }
        switch answer {
        case .output(let output): return output
        case .error: throw AWSServiceError(inBodyOf: response, bytes, of: operation)
        }
      }
    } catch let error as HTTPError where error.code == .invalidResponse {
      if let unreadable { throw unreadable }
      throw error
    }
  }
}

/// The answer of an operation that has nothing to say.
struct EmptyAnswer: Decodable, Sendable {}

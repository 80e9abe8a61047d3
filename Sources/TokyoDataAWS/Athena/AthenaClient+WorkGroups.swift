extension AthenaClient {
  /// A workgroup by its name.
  func workGroup(_ name: String) async throws -> AthenaWorkGroup {
    struct Input: Encodable { var workGroup: String }
    struct Output: Decodable { var workGroup: AthenaWorkGroup }
    let output: Output = try await client.call(.getWorkGroup, Input(workGroup: name))
    return output.workGroup
  }

  func createWorkGroup(
    _ name: String, _ configuration: AthenaWorkGroupConfiguration, description: String? = nil
  ) async throws {
    struct Input: Encodable {
      var name: String
      var configuration: AthenaWorkGroupConfiguration
      var description: String?
    }
    if let bytes = configuration.bytesScannedCutoffPerQuery {
      try AthenaLimit.scannedBytes.check(bytes, "bytes as a query's limit")
    }
    let _: EmptyAnswer = try await client.call(
      .createWorkGroup, Input(name: name, configuration: configuration, description: description))
  }

  func updateWorkGroup(
    _ name: String, _ change: AthenaWorkGroupChange, description: String? = nil, state: String? = nil
  ) async throws {
    struct Input: Encodable {
      var workGroup: String
      var configurationUpdates: AthenaWorkGroupChange
      var description: String?
      var state: String?
    }
    if let bytes = change.bytesScannedCutoffPerQuery {
      try AthenaLimit.scannedBytes.check(bytes, "bytes as a query's limit")
    }
    let _: EmptyAnswer = try await client.call(
      .updateWorkGroup,
      Input(workGroup: name, configurationUpdates: change, description: description, state: state))
  }
}

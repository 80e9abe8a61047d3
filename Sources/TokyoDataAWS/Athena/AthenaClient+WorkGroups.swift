extension AthenaClient {
  /// A workgroup by its name.
  func workGroup(_ name: String) async throws -> AthenaWorkGroup {
    struct Input: Encodable { var workGroup: String }
    struct Output: Decodable { var workGroup: AthenaWorkGroup }
    let output: Output = try await client.call(.getWorkGroup, Input(workGroup: name))
    return output.workGroup
  }

  /// Makes a workgroup; one that a lost answer's try made already, as it was asked for, is that one.
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
    do {
      let _: EmptyAnswer = try await client.call(
        .createWorkGroup, Input(name: name, configuration: configuration, description: description))
    } catch let error as AWSServiceError where error.code == Self.invalid && error.attempts > 1 {
      // Athena has no code of its own for a name that is taken, so what is there decides.
      do {
        let there = try await workGroup(name)
        guard there.description ?? "" == description ?? "", let made = there.configuration,
          configuration.isMet(by: made)
        else { throw error }
      } catch let missing as AWSServiceError where missing.code == Self.invalid { throw error }
    }
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

  private static let invalid = "InvalidRequestException"
}

extension AthenaWorkGroupConfiguration {
  /// Another one has all that this one names; Athena fills in the rest.
  fileprivate func isMet(by other: Self) -> Bool {
    func agrees<Value: Equatable>(_ mine: Value?, _ theirs: Value?) -> Bool { mine == nil || mine == theirs }
    return agrees(resultConfiguration, other.resultConfiguration)
      && agrees(managedQueryResultsConfiguration, other.managedQueryResultsConfiguration)
      && agrees(enforceWorkGroupConfiguration, other.enforceWorkGroupConfiguration)
      && agrees(publishCloudWatchMetricsEnabled, other.publishCloudWatchMetricsEnabled)
      && agrees(bytesScannedCutoffPerQuery, other.bytesScannedCutoffPerQuery)
      && agrees(requesterPaysEnabled, other.requesterPaysEnabled)
      && agrees(engineVersion?.selectedEngineVersion, other.engineVersion?.selectedEngineVersion)
  }
}

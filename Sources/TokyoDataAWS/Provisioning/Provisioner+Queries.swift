internal import TokyoDataCore

extension Provisioner {
  /// Compares the database of tables.
  func compareDatabase(into plan: inout ProvisioningPlan) async throws {
    let name = plan.deployment.database
    let isThere = try await inOurTerms("glue") {
      try await GlueClient(client: glue, database: name).hasDatabase()
    }
    guard !isThere else { return }
    plan.steps.append(
      ProvisioningStep(kind: .createDatabase, resource: name, now: "absent", wanted: "present"))
  }

  /// Makes the database, unless somebody else just has.
  func createDatabase(_ name: String) async throws {
    do { try await GlueClient(client: glue, database: name).createDatabase() } catch let error
      as AWSServiceError
      where error.code == GlueErrorCode.alreadyExists
    {}
  }

  /// Compares the workgroup of queries.
  func compareWorkgroup(into plan: inout ProvisioningPlan) async throws {
    let name = plan.deployment.workgroup
    let there = try await inOurTerms("athena") { try await workgroup(name) }
    let wanted = WorkgroupSettings(plan.deployment, over: there)
    guard let there else {
      plan.steps.append(
        ProvisioningStep(kind: .createWorkgroup, resource: name, now: "absent", wanted: wanted.description))
      return
    }
    guard there.configuration?.managedQueryResultsConfiguration?.enabled != true else {
      plan.conflicts.append(
        ProvisioningConflict(
          resource: name,
          explanation: "Athena itself keeps the results of this workgroup, which takes no place for them; "
            + "it is kept: give the lake another workgroup"))
      return
    }
    let now = WorkgroupSettings(there)
    guard now != wanted else { return }
    plan.steps.append(
      ProvisioningStep(
        kind: .changeWorkgroup, resource: name, now: now.description, wanted: wanted.description))
  }

  /// Makes the workgroup; metrics are new there, and in one that is found stay as they are.
  func createWorkgroup(_ deployment: LakeDeployment) async throws {
    let wanted = WorkgroupSettings(deployment, over: nil)
    try await athena.createWorkGroup(
      deployment.workgroup,
      AthenaWorkGroupConfiguration(
        resultConfiguration: AthenaResultConfiguration(
          outputLocation: wanted.outputLocation, encryptionConfiguration: wanted.encryption,
          expectedBucketOwner: expectedOwner),
        enforceWorkGroupConfiguration: true, publishCloudWatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: wanted.cutoff),
      description: "Queries of a lake of TokyoData")
  }

  func changeWorkgroup(_ deployment: LakeDeployment) async throws {
    let wanted = WorkgroupSettings(deployment, over: try await workgroup(deployment.workgroup))
    try await athena.updateWorkGroup(
      deployment.workgroup,
      AthenaWorkGroupChange(
        enforceWorkGroupConfiguration: true,
        resultConfigurationUpdates: .init(
          outputLocation: wanted.outputLocation, encryptionConfiguration: wanted.encryption),
        bytesScannedCutoffPerQuery: wanted.cutoff),
      state: "ENABLED")
  }

  /// A workgroup; nil where there is none of the name.
  private func workgroup(_ name: String) async throws -> AthenaWorkGroup? {
    // Athena has no code of its own for it: only the text tells it from other wrong requests.
    do { return try await athena.workGroup(name) } catch let error as AWSServiceError
      where error.code == "InvalidRequestException" && error.message?.contains("not found") == true
    { return nil }
  }

  private func inOurTerms<Answer>(_ store: String, _ call: () async throws -> Answer) async throws -> Answer {
    do { return try await call() } catch { throw TokyoDataError.of(error, .init(store: store)) }
  }
}

/// What of a workgroup is ours to say.
private struct WorkgroupSettings: Hashable, CustomStringConvertible {
  var isEnabled = true
  var outputLocation: String?
  var encryption: AthenaResultConfiguration.Encryption?
  var isEnforced = true
  var cutoff: Int?

  /// What is wanted; where no way of encryption is, one that is there stays.
  init(_ deployment: LakeDeployment, over there: AthenaWorkGroup?) {
    outputLocation = deployment.outputLocation
    cutoff = deployment.scannedBytesPerQuery
    switch deployment.encryption {
    case nil:
      encryption =
        there?.configuration?.resultConfiguration?.encryptionConfiguration
        ?? .init(encryptionOption: "SSE_S3")
    case let wanted? where wanted.algorithm == .s3: encryption = .init(encryptionOption: "SSE_S3")
    case let wanted?: encryption = .init(encryptionOption: "SSE_KMS", kmsKey: wanted.keyID)
    }
  }

  init(_ there: AthenaWorkGroup) {
    isEnabled = there.state != "DISABLED"
    outputLocation = there.configuration?.resultConfiguration?.outputLocation
    encryption = there.configuration?.resultConfiguration?.encryptionConfiguration
    isEnforced = there.configuration?.enforceWorkGroupConfiguration ?? false
    cutoff = there.configuration?.bytesScannedCutoffPerQuery
  }

  var description: String {
    [
      isEnabled ? nil : "disabled", "results in \(outputLocation ?? "no place of its own")",
      encryption.map { "encrypted by \($0.encryptionOption)" } ?? "not encrypted",
      cutoff.map { "at most \($0) bytes a query" } ?? "any number of bytes a query",
      isEnforced ? "enforced" : "not enforced",
    ].compactMap { $0 }.joined(separator: ", ")
  }
}

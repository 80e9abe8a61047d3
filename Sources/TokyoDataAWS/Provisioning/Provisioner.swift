internal import TokyoDataCore

/// Sets an account of AWS up for a lake.
///
/// It looks what is there, and changes only what is not as it should be, so that a second run has nothing to do.
/// Rules, settings and objects of others stay as they are.
///
/// ```swift
/// let provisioner = Provisioner(session: session)
/// let plan = try await provisioner.plan(deployment)
/// for step in plan.steps { print(step) }
/// try await provisioner.carryOut(plan)
/// ```
public struct Provisioner: Sendable {
  let s3: AWSClient
  let athena: AthenaClient
  let glue: AWSClient
  let region: String
  let expectedOwner: String?

  /// Names the account.
  ///
  /// - Parameters:
  ///   - session: Region, credentials and endpoints.
  ///   - expectedOwner: The account that must own the buckets, 12 digits.
  public init(session: AWSSession, expectedOwner: String? = nil) {
    self.init(
      s3: session.client(.s3), athena: session.client(.athena), glue: session.client(.glue),
      region: session.region, expectedOwner: expectedOwner)
  }

  init(s3: AWSClient, athena: AWSClient, glue: AWSClient, region: String, expectedOwner: String? = nil) {
    self.s3 = s3
    self.athena = AthenaClient(client: athena)
    self.glue = glue
    self.region = region
    self.expectedOwner = expectedOwner
  }

  /// Compares the account with what is wanted; nothing is changed.
  ///
  /// - Throws: `TokyoDataError.invalidArgument` for a deployment that cannot be, `.permissionDenied` where a
  ///   setting may not be read.
  public func plan(_ deployment: LakeDeployment) async throws -> ProvisioningPlan {
    try deployment.validate()
    var plan = ProvisioningPlan(deployment)
    try await compare(deployment.lakeBucket, deployment.lakeRule, into: &plan)
    try await compare(deployment.resultBucket, deployment.resultRule, into: &plan)
    try await compareDatabase(into: &plan)
    try await compareWorkgroup(into: &plan)
    return plan
  }

  /// Does what a plan says; a run that ended on the way is gone on with by a new plan.
  ///
  /// - Parameters:
  ///   - plan: What is to be done.
  ///   - onStep: Is told of each step once it is done.
  public func carryOut(
    _ plan: ProvisioningPlan, onStep: (ProvisioningStep) -> Void = { _ in }
  ) async throws {
    for step in plan.steps {
      try Task.checkCancellation()
      do { try await carryOut(step, plan.deployment) } catch {
        throw TokyoDataError.of(error, .init(store: "provisioning", operation: step.kind.rawValue))
      }
      onStep(step)
    }
  }

  private func carryOut(_ step: ProvisioningStep, _ deployment: LakeDeployment) async throws {
    switch step.kind {
    case .createBucket: try await bucket(step.resource).create()
    case .encryptBucket: try await bucket(step.resource).setEncryption(deployment.encryption ?? .s3Keys)
    case .blockPublicAccess: try await bucket(step.resource).setPublicAccessBlock(.everything)
    case .setLifecycle:
      let isLake = step.resource == deployment.lakeBucket
      try await put(isLake ? deployment.lakeRule : deployment.resultRule, on: bucket(step.resource))
    case .createDatabase: try await createDatabase(step.resource)
    case .createWorkgroup: try await createWorkgroup(deployment)
    case .changeWorkgroup: try await changeWorkgroup(deployment)
    }
  }

  func bucket(_ name: String) throws(TokyoDataError) -> S3Bucket {
    try S3Bucket(name, client: s3, region: region, expectedOwner: expectedOwner)
  }
}

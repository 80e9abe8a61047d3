import Testing
import TokyoDataTesting

@testable import TokyoDataAWS

/// A deployment whose names nobody has yet, in the laboratory.
struct ProvisioningBench {
  let client: AWSClient
  let provisioner: Provisioner
  var deployment: LakeDeployment

  /// - Throws: where the laboratory is not there: run Tests/run.
  init() throws {
    client = try Laboratory.client()
    provisioner = Provisioner(s3: client, athena: client, glue: client, region: client.settings.region)
    let name = String(UInt64.random(in: 0...(.max)), radix: 36)
    deployment = LakeDeployment(
      lakeBucket: "lake-\(name)", lakePrefix: "billing/lake", resultBucket: "results-\(name)",
      resultPrefix: "athena", workgroup: "reports-\(name)", database: "tokyo_\(name)")
  }

  var lake: S3Bucket {
    get throws { try provisioner.bucket(deployment.lakeBucket) }
  }

  var results: S3Bucket {
    get throws { try provisioner.bucket(deployment.resultBucket) }
  }

  func workgroup() async throws -> AthenaWorkGroup {
    try await AthenaClient(client: client).workGroup(deployment.workgroup)
  }

  /// What a plan would do now.
  func kinds() async throws -> [ProvisioningStep.Kind] {
    try await provisioner.plan(deployment).steps.map(\.kind)
  }

  func provision() async throws {
    try await provisioner.carryOut(provisioner.plan(deployment))
  }
}

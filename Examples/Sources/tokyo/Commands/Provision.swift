internal import ArgumentParser
internal import Foundation
internal import TokyoData

/// Sets an account of AWS up for a lake.
struct Provision: ReportingCommand {
  static let configuration = CommandConfiguration(
    abstract: "Set up what a lake on S3 needs: buckets and their rules, a database, a workgroup of Athena.",
    discussion: """
      What is as it should be stays, so a second run changes nothing. Rules of others on the buckets are kept; \
      those that endanger the lake are named, and the command fails.
      """)

  @OptionGroup var lake: LakeOptions
  @OptionGroup var output: OutputOptions

  @Option(
    help: ArgumentHelp(
      "Where Athena puts results: s3://bucket/prefix, in another bucket than the lake's; "
        + "default $TOKYO_RESULTS_URL.", valueName: "url"))
  var results: String?
  @Option(
    help: ArgumentHelp(
      "A key of AWS KMS that encrypts; else any way that a bucket has, or keys that S3 keeps.",
      valueName: "key"))
  var kmsKey: String?
  @Option(help: "The age in days at which the lake's objects move to Glacier Instant Retrieval.")
  var archiveDays = 90
  @Flag(help: "The lake's objects stay in their class.")
  var noArchive = false
  @Option(help: "The age in days at which results are removed.")
  var resultDays = 30
  @Option(help: "Bytes that a query may scan before Athena cancels it; at least 10000000.")
  var scanLimit = 100_000_000_000
  @Flag(help: "Tell what would be changed, and change nothing.")
  var dryRun = false

  func validate() throws {
    try lake.require()
    guard resultsPlace != nil else {
      throw ValidationError("Give the place of results with --results or TOKYO_RESULTS_URL.")
    }
    guard lake.workgroup != nil else {
      throw ValidationError("Give the workgroup with --athena or TOKYO_ATHENA_WORKGROUP.")
    }
  }

  func report() async throws -> Report {
    let plan = try await AWSSession.opened { session in
      let provisioner = Provisioner(session: session)
      let plan = try await provisioner.plan(deployment())
      if !dryRun {
        try await provisioner.carryOut(plan) { step in Console.note("\(step)") }
      }
      return plan
    }
    return Report(json: json(of: plan), text: text(of: plan), problem: problem(in: plan))
  }

  private var resultsPlace: String? {
    let place = results ?? ProcessInfo.processInfo.environment["TOKYO_RESULTS_URL"] ?? ""
    return place.isEmpty ? nil : place
  }

  private func deployment() throws -> LakeDeployment {
    guard case .s3(let bucket, let prefix) = try LakePlace(lake.place ?? ""),
      case .s3(let resultBucket, let resultPrefix) = try LakePlace(resultsPlace ?? "")
    else { throw TokyoDataError(.invalidArgument, "a lake and results that Athena uses lie on S3") }
    var deployment = LakeDeployment(
      lakeBucket: bucket, lakePrefix: prefix, resultBucket: resultBucket, resultPrefix: resultPrefix,
      workgroup: lake.workgroup ?? "", database: lake.databaseName)
    deployment.encryption = kmsKey.map { .kms(keyID: $0) }
    deployment.archiveDays = noArchive ? nil : archiveDays
    deployment.resultDays = resultDays
    deployment.scannedBytesPerQuery = scanLimit
    return deployment
  }

  private func problem(in plan: ProvisioningPlan) -> TokyoDataError? {
    plan.conflicts.first.map { first in
      TokyoDataError(
        .conflict,
        "\(plan.conflicts.count) setting(s) of others do not go with the lake; the first: \(first)",
        context: .init(operation: "provision"))
    }
  }

  private func json(of plan: ProvisioningPlan) -> JSON {
    [
      "dryRun": .bool(dryRun),
      "steps": .array(
        plan.steps.map { step in
          [
            "step": .string(step.kind.rawValue), "resource": .string(step.resource), "now": .string(step.now),
            "wanted": .string(step.wanted),
          ]
        }),
      "conflicts": .array(
        plan.conflicts.map { conflict in
          ["resource": .string(conflict.resource), "explanation": .string(conflict.explanation)]
        }),
    ]
  }

  private func text(of plan: ProvisioningPlan) -> String {
    var table = TextTable(
      .init(title: "step"), .init(title: "resource"), .init(title: "now"), .init(title: "wanted"))
    table.rows = plan.steps.map { [$0.kind.rawValue, $0.resource, $0.now, $0.wanted] }
    let summary = "\(plan.steps.count) steps \(dryRun ? "would be taken (dry run)" : "taken")"
    let lines = plan.steps.isEmpty ? ["nothing to do"] : [table.text, "", summary]
    return (lines + plan.conflicts.map { "CONFLICT: \($0)" }).joined(separator: "\n")
  }
}

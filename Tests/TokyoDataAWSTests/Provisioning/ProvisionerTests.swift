import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("Provisioner, in the laboratory")
struct ProvisionerTests {
  var bench: ProvisioningBench

  init() throws { bench = try ProvisioningBench() }

  @Test("sets up all that a lake needs, and has nothing to do the second time")
  func everything() async throws {
    let wanted: [ProvisioningStep.Kind] = [
      .createBucket, .encryptBucket, .blockPublicAccess, .setLifecycle, .createBucket, .encryptBucket,
      .blockPublicAccess, .setLifecycle, .createDatabase, .createWorkgroup,
    ]
    let plan = try await bench.provisioner.plan(bench.deployment)
    // What S3 encrypts by itself in a new bucket is seen once the bucket is there.
    #expect(plan.steps.map(\.kind) == wanted)
    #expect(plan.conflicts.isEmpty)
    let isThere = try await bench.lake.exists()
    #expect(!isThere, "a plan changes nothing")
    var told: [ProvisioningStep] = []
    try await bench.provisioner.carryOut(plan) { told.append($0) }
    #expect(told == plan.steps)

    for bucket in [try bench.lake, try bench.results] {
      #expect(try await bucket.publicAccessBlock() == .everything)
      #expect(try await bucket.encryption()?.algorithm == .s3)
    }
    let lake = try #require(try await bench.lake.lifecycle().first)
    #expect(lake.filter.prefix == "billing/lake/")
    #expect(lake.transitions == [.init(days: 90, to: .glacierInstantRetrieval)])
    #expect(lake.unfinishedUploadDays == 7)
    #expect(lake.expirationDays == nil && lake.earlierVersionDays == nil, "no data of the lake expires")
    let results = try #require(try await bench.results.lifecycle().first)
    #expect(results.filter.prefix == "athena/" && results.expirationDays == 30)
    let workgroup = try await bench.workgroup().configuration
    #expect(workgroup?.enforceWorkGroupConfiguration == true)
    #expect(workgroup?.bytesScannedCutoffPerQuery == 100_000_000_000)
    #expect(
      workgroup?.resultConfiguration?.outputLocation == "s3://\(bench.deployment.resultBucket)/athena/")
    #expect(workgroup?.resultConfiguration?.encryptionConfiguration?.encryptionOption == "SSE_S3")
    #expect(try await bench.kinds() == [])
  }

  @Test("a lake and results that take whole buckets are set up once too")
  func wholeBuckets() async throws {
    var whole = bench
    whole.deployment.lakePrefix = ""
    whole.deployment.resultPrefix = ""
    try await whole.provision()
    let rules = try await whole.lake.lifecycle() + whole.results.lifecycle()
    #expect(rules.map { $0.filter.prefix ?? "" } == ["", ""])
    #expect(try await whole.kinds() == [])
  }

  @Test("what was changed by hand is corrected, and only that")
  func corrects() async throws {
    try await bench.provision()
    try await bench.lake.setPublicAccessBlock(.nothing)
    #expect(try await bench.kinds() == [.blockPublicAccess])
    try await bench.provision()

    var rule = bench.deployment.resultRule
    rule.expirationDays = 4_000
    try await bench.results.setLifecycle([rule])
    #expect(try await bench.kinds() == [.setLifecycle])
    try await bench.provision()
    #expect(try await bench.results.lifecycle() == [bench.deployment.resultRule])

    let athena = AthenaClient(client: bench.client)
    try await athena.updateWorkGroup(
      bench.deployment.workgroup,
      AthenaWorkGroupChange(enforceWorkGroupConfiguration: false, removeBytesScannedCutoffPerQuery: true),
      description: "noted by hand", state: "DISABLED")
    let plan = try await bench.provisioner.plan(bench.deployment)
    #expect(plan.steps.map(\.kind) == [.changeWorkgroup])
    #expect(plan.steps.first?.now.hasPrefix("disabled, ") == true)
    #expect(plan.steps.first?.now.contains("any number of bytes a query, not enforced") == true)
    try await bench.provisioner.carryOut(plan)
    #expect(try await bench.workgroup().state == "ENABLED")
    #expect(try await bench.workgroup().description == "noted by hand")
    #expect(try await bench.kinds() == [])
  }

  @Test("a run that ended on the way is gone on with")
  func goesOn() async throws {
    try await bench.results.create()
    let done = try await bench.kinds()
    #expect(done.count { $0 == .createBucket } == 1)
    try await bench.provision()
    #expect(try await bench.kinds() == [])
  }

  @Test("rules of others stay, those that came after the plan too")
  func keepsRules() async throws {
    let theirs = S3LifecycleRule(
      id: "logs", filter: .init(prefix: "logs/"), transitions: [.init(days: 5, to: .deepArchive)],
      expirationDays: 10)
    try await bench.lake.create()
    let plan = try await bench.provisioner.plan(bench.deployment)
    try await bench.lake.setLifecycle([theirs])
    try await bench.provisioner.carryOut(plan)
    #expect(try await bench.lake.lifecycle() == [theirs, bench.deployment.lakeRule])
    #expect(try await bench.provisioner.plan(bench.deployment).conflicts.isEmpty, "it is for another folder")
  }

  @Test(
    "rules of others that endanger the lake are named and kept",
    arguments: [
      (
        S3LifecycleRule(id: "all", filter: .init(prefix: ""), expirationDays: 400),
        "removes objects of the lake after 400 days"
      ),
      (
        S3LifecycleRule(id: "above", filter: .init(prefix: "billing/"), expirationDays: 400),
        "removes objects of the lake after 400 days"
      ),
      (
        S3LifecycleRule(
          id: "below", filter: .init(prefix: "billing/lake/events/"),
          transitions: [.init(days: 90, to: .glacier)]), "to GLACIER, where Athena leaves them out"
      ),
      (
        S3LifecycleRule(
          id: "tagged", filter: .init(tags: ["old": "yes"]), transitions: [.init(days: 90, to: .deepArchive)]),
        "to DEEP_ARCHIVE, where Athena leaves them out"
      ),
    ])
  func dangers(rule: S3LifecycleRule, explanation: String) async throws {
    try await bench.lake.create()
    try await bench.lake.setLifecycle([rule])
    let conflicts = try await bench.provisioner.plan(bench.deployment).conflicts
    #expect(conflicts.map(\.resource) == [bench.deployment.lakeBucket])
    #expect(conflicts.first?.explanation.contains(explanation) == true, "\(conflicts)")
    #expect(conflicts.first?.explanation.contains(rule.id) == true)
    try await bench.provision()
    let kept = try await bench.lake.lifecycle()
    #expect(kept.contains(rule))
  }

  @Test("a workgroup whose results Athena keeps is left alone and named")
  func managedResults() async throws {
    try await AthenaClient(client: bench.client).createWorkGroup(
      bench.deployment.workgroup,
      AthenaWorkGroupConfiguration(managedQueryResultsConfiguration: AthenaManagedResults(enabled: true)))
    let plan = try await bench.provisioner.plan(bench.deployment)
    #expect(plan.conflicts.map(\.resource) == [bench.deployment.workgroup])
    #expect(!plan.steps.contains { $0.resource == bench.deployment.workgroup })
  }

  @Test("KMS is set where it is asked for, and kept where nothing is")
  func encryption() async throws {
    var asked = bench
    asked.deployment.encryption = .kms(keyID: "alias/lake")
    try await asked.provision()
    #expect(try await asked.lake.encryption() == .kms(keyID: "alias/lake"))
    let kms = AthenaResultConfiguration.Encryption(encryptionOption: "SSE_KMS", kmsKey: "alias/lake")
    #expect(try await asked.workgroup().configuration?.resultConfiguration?.encryptionConfiguration == kms)
    #expect(try await asked.kinds() == [])
    #expect(try await bench.kinds() == [], "whoever says nothing does not weaken it")
    asked.deployment.encryption = .s3Keys
    #expect(try await asked.kinds() == [.encryptBucket, .encryptBucket, .changeWorkgroup])
  }
}

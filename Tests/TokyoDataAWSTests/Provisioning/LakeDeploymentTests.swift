import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("LakeDeployment")
struct LakeDeploymentTests {
  @Test(
    "what cannot be, or would endanger the lake, is refused",
    arguments: [
      ("a bucket of their own", { $0.resultBucket = $0.lakeBucket }),
      ("primary is everybody's", { $0.workgroup = "primary" }),
      ("a workgroup's name", { $0.workgroup = "a b" }), ("a workgroup's name", { $0.workgroup = "" }),
      ("none of them upper case", { $0.database = "Lake" }), ("a bucket's name", { $0.lakeBucket = "a/b" }),
      ("at least a day", { $0.resultDays = 0 }), ("at least a day", { $0.archiveDays = 0 }),
      ("a query's limit", { $0.scannedBytesPerQuery = 9_999_999 }),
      ("a key that is named", { $0.encryption = .kms() }),
      ("too long", { $0.lakePrefix = String(repeating: "x", count: 300) }),
    ] as [(String, @Sendable (inout LakeDeployment) -> Void)])
  func refuses(complaint: String, change: @Sendable (inout LakeDeployment) -> Void) throws {
    var deployment = LakeDeployment(
      lakeBucket: "lake", resultBucket: "results", workgroup: "reports", database: "tokyo")
    try deployment.validate()
    change(&deployment)
    let error = #expect(throws: TokyoDataError.self) { try deployment.validate() }
    #expect(error?.code == .invalidArgument)
    #expect(error?.message.contains(complaint) == true, "\(String(describing: error))")
  }

  @Test("a rule that is off, or for another folder, endangers nothing")
  func harmless() {
    let lake = "lake/"
    #expect(S3LifecycleRule(id: "a", isEnabled: false, expirationDays: 1).danger(toLakeAt: lake) == nil)
    #expect(
      S3LifecycleRule(id: "a", filter: .init(prefix: "lakes/"), expirationDays: 1).danger(toLakeAt: lake)
        == nil)
    #expect(
      S3LifecycleRule(id: "a", transitions: [.init(days: 30, to: .standardInfrequentAccess)])
        .danger(toLakeAt: lake) == nil)
    #expect(
      S3LifecycleRule(id: "a", filter: .init(prefix: "x/"), expirationDays: 1).danger(toLakeAt: nil) != nil)
  }

  @Test("a date or a filter that has no property here is not overlooked")
  func unknownElements() {
    var dated = S3LifecycleRule(id: "a")
    dated.others = [XMLElement("Expiration", [XMLElement("Date", "2030-01-01T00:00:00Z")])]
    #expect(dated.danger(toLakeAt: "lake/")?.contains("from a date on") == true)
    var strange = S3LifecycleRule(id: "b", filter: .init(prefix: "other/"), expirationDays: 3)
    strange.others = [XMLElement("Filter", [XMLElement("Unheard", "of")])]
    #expect(strange.danger(toLakeAt: "lake/") != nil)
    var moved = S3LifecycleRule(id: "c")
    moved.others = [
      XMLElement(
        "Transition", [XMLElement("Date", "2030-01-01T00:00:00Z"), XMLElement("StorageClass", "GLACIER")])
    ]
    #expect(moved.danger(toLakeAt: "lake/") != nil)
  }
}

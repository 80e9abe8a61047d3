import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("LakeDeployment")
struct LakeDeploymentTests {
  /// A change that is not allowed, and what is said of it.
  struct Refusal: Sendable {
    let complaint: String
    let change: @Sendable (inout LakeDeployment) -> Void

    init(_ complaint: String, _ change: @escaping @Sendable (inout LakeDeployment) -> Void) {
      self.complaint = complaint
      self.change = change
    }
  }

  @Test(
    "what cannot be, or would endanger the lake, is refused",
    arguments: [
      Refusal("a bucket of their own") { $0.resultBucket = $0.lakeBucket },
      Refusal("primary is everybody's") { $0.workgroup = "primary" },
      Refusal("a workgroup's name") { $0.workgroup = "a b" },
      Refusal("a workgroup's name") { $0.workgroup = "" },
      Refusal("none of them upper case") { $0.database = "Lake" },
      Refusal("a bucket's name") { $0.lakeBucket = "a/b" },
      Refusal("at least a day") { $0.resultDays = 0 }, Refusal("at least a day") { $0.archiveDays = 0 },
      Refusal("a query's limit") { $0.scannedBytesPerQuery = 9_999_999 },
      Refusal("a key that is named") { $0.encryption = .kms() },
      Refusal("too long") { $0.lakePrefix = String(repeating: "x", count: 300) },
    ])
  func refuses(_ refusal: Refusal) throws {
    var deployment = LakeDeployment(
      lakeBucket: "lake", resultBucket: "results", workgroup: "reports", database: "tokyo")
    try deployment.validate()
    refusal.change(&deployment)
    let error = #expect(throws: TokyoDataError.self) { try deployment.validate() }
    #expect(error?.code == .invalidArgument)
    #expect(error?.message.contains(refusal.complaint) == true, "\(String(describing: error))")
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

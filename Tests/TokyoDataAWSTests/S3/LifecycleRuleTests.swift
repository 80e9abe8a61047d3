import Testing

@testable import TokyoDataAWS

@Suite("S3LifecycleRule")
struct LifecycleRuleTests {
  @Test(
    "reads back as it was written",
    arguments: [
      S3LifecycleRule(id: "all"),
      S3LifecycleRule(id: "off", isEnabled: false, filter: .init(prefix: "a<b>&\"/"), expirationDays: 1),
      S3LifecycleRule(
        id: "tagged", filter: .init(tags: ["k": "v"]),
        transitions: [
          .init(days: 30, to: .standardInfrequentAccess), .init(days: 90, to: .glacierInstantRetrieval),
        ]),
      S3LifecycleRule(
        id: "several",
        filter: .init(prefix: "p/", tags: ["a": "1", "b": "2"], largerThan: 0, smallerThan: 99),
        earlierVersionDays: 7),
      S3LifecycleRule(id: "large", filter: .init(largerThan: 131_072), unfinishedUploadDays: 3),
    ])
  func roundTrip(_ rule: S3LifecycleRule) throws {
    let document = XMLElement("LifecycleConfiguration", [rule.element]).document()
    let read = try XMLElement(reading: document).all("Rule").map(S3LifecycleRule.init)
    if rule.id == "all" {
      // A rule for all objects is one for a prefix of nothing.
      #expect(read.first?.filter.prefix?.isEmpty == true)
    } else {
      #expect(read == [rule])
    }
  }

  @Test("writes back what it does not understand")
  func unknown() throws {
    let text = """
      <Rule><ID>x</ID><Filter><And><Prefix>a</Prefix><Colour>red</Colour></And></Filter><Status>Enabled</Status>\
      <Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>\
      <Transition><Date>2030-01-01T00:00:00Z</Date><StorageClass>GLACIER</StorageClass></Transition>\
      <NoncurrentVersionExpiration><NoncurrentDays>3</NoncurrentDays><NewerNoncurrentVersions>2\
      </NewerNoncurrentVersions></NoncurrentVersionExpiration></Rule>
      """
    let element = try XMLElement(reading: Array(text.utf8))
    let rule = S3LifecycleRule(element)
    #expect(rule.id == "x")
    #expect(rule.isEnabled)
    #expect(rule.others.count == 4)
    #expect(rule.transitions.isEmpty)
    #expect(rule.expirationDays == nil)
    #expect(Set(rule.element.children) == Set(element.children))
  }

  @Test("reads the older form, whose prefix stands by itself")
  func older() throws {
    let text = "<Rule><ID>x</ID><Prefix>logs/</Prefix><Status>Disabled</Status></Rule>"
    let rule = S3LifecycleRule(try XMLElement(reading: Array(text.utf8)))
    #expect(rule == S3LifecycleRule(id: "x", isEnabled: false, filter: .init(prefix: "logs/")))
  }
}

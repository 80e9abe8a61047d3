import Testing

@testable import TokyoDataAWS

@Suite("PartPlan")
struct PartPlanTests {
  @Test(
    "cuts an object of known size into no more than 10,000 parts that S3 takes",
    arguments: [0, 1, 16 << 20, 5 << 30, 144_000_000_000, 147_000_000_001, 1 << 40, 5 << 40, 40 << 40])
  func known(_ size: Int) {
    let plan = PartPlan(partSize: 16 << 20, objectSize: size)
    let part = plan.size(ofPart: 1)
    #expect((PartPlan.smallestPart...PartPlan.largestPart).contains(part))
    #expect(part >= 16 << 20)
    #expect(plan.size(ofPart: 9_999) == part, "parts of an object of known size are alike")
    #expect(size <= part * PartPlan.mostParts)
  }

  @Test("takes the usual size up to 9,000 parts, and a 9,000th of the object beyond")
  func formula() {
    let most = 9_000 * (16 << 20)
    #expect(PartPlan(partSize: 16 << 20, objectSize: most).size(ofPart: 1) == 16 << 20)
    #expect(PartPlan(partSize: 16 << 20, objectSize: most + 1).size(ofPart: 1) == 16 << 20 + 1)
    #expect(PartPlan(partSize: 16 << 20, objectSize: 5 << 40).size(ofPart: 1) == 610_839_794)
  }

  @Test(
    "holds 5 TiB in 10,000 parts where the size is not known, whatever the usual size is",
    arguments: [0, 5 << 20, 16 << 20, 1 << 30, .max])
  func unknown(_ partSize: Int) {
    let plan = PartPlan(partSize: partSize)
    var sum = 0
    for number in 1...PartPlan.mostParts {
      let size = plan.size(ofPart: number)
      #expect((PartPlan.smallestPart...PartPlan.largestPart).contains(size))
      #expect(number == 1 || size >= plan.size(ofPart: number - 1), "parts never shrink")
      sum += size
    }
    #expect(sum >= 5 << 40)
  }

  @Test("keeps to the usual size for the first thousand parts")
  func begins() {
    let plan = PartPlan(partSize: 16 << 20)
    #expect((1...1_000).allSatisfy { plan.size(ofPart: $0) == 16 << 20 })
    #expect(plan.size(ofPart: 1_001) > 16 << 20)
  }
}

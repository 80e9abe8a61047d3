import Testing

@testable import TokyoDataAWS

@Suite("ValueCounts")
struct ValueCountsTests {
  @Test("keeps few different values as they are")
  func exact() {
    var values = ValueCounts()
    for _ in 0..<3 {
      for value in 1...150 {
        let isTaken = values.add(Double(value))
        #expect(isTaken)
      }
    }
    #expect(values.counts.count == 150)
    #expect(values.counts[77] == 3)
  }

  @Test("puts many different values into few buckets, each within a twentieth")
  func rough() {
    var values = ValueCounts()
    for value in stride(from: -50_000.0, to: 50_000, by: 1.5) { _ = values.add(value) }
    #expect(values.counts.count < 300)
    #expect(values.counts.values.reduce(0, +) == 66_667)
    for value in [0.001, 1, 17.3, 2_500, 1e9, -3, -1e12] {
      #expect((ValueCounts.bucket(of: value) / value - 1).magnitude < 0.05, "\(value)")
    }
    #expect(ValueCounts.bucket(of: 0) == 0)
  }

  @Test("whatever is recorded, memory stays bounded")
  func bounded() {
    var values = ValueCounts()
    var value = 1e-300
    while value < 1e108 {
      _ = values.add(value)
      _ = values.add(-value)
      value *= 1.01
    }
    #expect(values.counts.count < 6_000)
  }

  @Test("refuses what CloudWatch refuses", arguments: [.nan, .infinity, -.infinity, 1e109])
  func refuses(_ value: Double) {
    var values = ValueCounts()
    let isTaken = values.add(value)
    #expect(!isTaken)
    #expect(values.isEmpty)
  }
}

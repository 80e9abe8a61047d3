import Testing

@testable import TokyoDataColumns

@Suite("Validity bits")
struct ValidityTests {
  @Test(
    "bits stand where they were put, around the edges of words",
    arguments: [0, 1, 2, 62, 63, 64, 65, 127, 128, 129, 200], [0, 1, 62, 63, 64, 65, 127, 128, 199])
  func edges(count: Int, firstNull: Int) {
    let expected = (0..<count).map { $0 < firstNull || !($0 - firstNull).isMultiple(of: 3) }
    var builder = ValidityBuilder()
    for bit in expected { if bit { builder.appendValid() } else { builder.appendNull() } }
    #expect(builder.count == count)
    let validity = builder.finish()
    #expect((0..<count).map { validity[$0] } == expected)
    #expect(validity.count == count)
    #expect(validity.nullCount == expected.filter { !$0 }.count)
    #expect((validity.words == nil) == !expected.contains(false))
    if let words = validity.words {
      #expect(words.count == (count + 63) / 64)
      #expect(
        words.reduce(0) { $0 + $1.nonzeroBitCount } == count - validity.nullCount, "bits behind the end")
    }
  }

  @Test("runs of values and other validities append like single bits", arguments: [0, 1, 63, 64, 65, 130])
  func appending(count: Int) {
    var source = ValidityBuilder()
    for index in 0..<count { if index % 5 == 4 { source.appendNull() } else { source.appendValid() } }
    let other = source.finish()
    var builder = ValidityBuilder()
    builder.appendValid(count: 3)
    builder.append(other)
    builder.appendValid(count: 70)
    builder.append(Validity(allValid: 2))
    let validity = builder.finish()
    #expect(validity.count == count + 75)
    #expect(validity.nullCount == other.nullCount)
    #expect((0..<count).allSatisfy { validity[3 + $0] == other[$0] })
    #expect((0..<75).allSatisfy { validity[$0 < 3 ? $0 : count + $0] })
  }
}

import Testing

@testable import TokyoDataCore

@Suite("Patience")
struct PatienceTests {
  /// How many questions go without a look before the next one.
  private func skipped(_ patience: inout Patience) -> Int {
    var count = 0
    while !patience.isWorthALook() { count += 1 }
    return count
  }

  @Test("looks every time while answers come in time")
  func rewarded() {
    var patience = Patience()
    for _ in 0..<10 {
      let count = skipped(&patience)
      #expect(count == 0)
      patience.note(isAnswered: true)
    }
  }

  @Test("looks ever more seldom in vain, but never gives up, and comes back at once")
  func inVain() {
    var patience = Patience()
    var pauses: [Int] = []
    for _ in 0..<13 {
      pauses.append(skipped(&patience))
      patience.note(isAnswered: false)
    }
    #expect(pauses == [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1024])
    _ = skipped(&patience)
    patience.note(isAnswered: true)
    let count = skipped(&patience)
    #expect(count == 0)
  }
}

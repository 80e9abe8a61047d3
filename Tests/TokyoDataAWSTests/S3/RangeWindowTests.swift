import Synchronization
import Testing
import TokyoDataTesting

@testable import TokyoDataAWS

@Suite("RangeWindow")
struct RangeWindowTests {
  @Test("hands on in order, whatever comes first", arguments: [1, 2, 4, 100])
  func order(_ width: Int) async throws {
    var bytes: [UInt8] = []
    try await RangeWindow(3..<250, size: 10, width: width).run { range in
      for _ in 0..<(range.lowerBound % 7) { await Task.yield() }
      return [range.map { UInt8($0) }]
    } consume: {
      bytes += $0
    }
    #expect(bytes == (3..<250).map { UInt8($0) })
  }

  @Test("reads no further ahead than its width while nothing is consumed")
  func bounded() async throws {
    let started = Mutex(0)
    let gate = Gate()
    var consumed = 0
    try await RangeWindow(0..<100, size: 1, width: 3).run { range in
      started.withLock { $0 += 1 }
      return [[UInt8(range.lowerBound)]]
    } consume: { piece in
      consumed += 1
      #expect(started.withLock { $0 } <= consumed - 1 + 3)
      if consumed == 1 { gate.open() }
      try await gate.wait()
    }
    #expect(consumed == 100)
  }

  @Test("an error of a range or of the consumer ends all")
  func failures() async throws {
    struct Odd: Error {}
    await #expect(throws: Odd.self) {
      try await RangeWindow(0..<100, size: 1, width: 3).run { range in
        if range.lowerBound == 5 { throw Odd() }
        if range.lowerBound > 5 { try await Gate().wait() }
        return [[0]]
      } consume: { _ in
      }
    }
    await #expect(throws: Odd.self) {
      try await RangeWindow(0..<100, size: 1, width: 3).run { range in
        if range.lowerBound > 0 { try await Gate().wait() }
        return [[0]]
      } consume: { _ in
        throw Odd()
      }
    }
  }

  @Test("nothing to read is read at once")
  func empty() async throws {
    try await RangeWindow(5..<5, size: 10, width: 3).run { _ in
      [[1]]
    } consume: { _ in
      Issue.record("a piece")
    }
  }
}

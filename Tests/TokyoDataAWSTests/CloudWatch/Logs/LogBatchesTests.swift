import Testing

@testable import TokyoDataAWS

@Suite("LogBatches")
struct LogBatchesTests {
  func event(_ time: Int64, _ message: String = "m") -> QueuedLogEvent {
    QueuedLogEvent(timestamp: time, message: message)
  }

  @Test("are in the order of time, events of one millisecond as they came")
  func order() {
    let batches = LogBatches.batches(of: [event(3, "c"), event(1, "a"), event(3, "d"), event(2, "b")])
    #expect(batches.map { $0.map(\.message) } == [["a", "b", "c", "d"]])
    #expect(LogBatches.batches(of: []).isEmpty)
  }

  @Test("hold ten thousand events")
  func count() {
    #expect(LogBatches.batches(of: (0..<20_001).map { event($0) }).map(\.count) == [10_000, 10_000, 1])
  }

  @Test("hold a mebibyte, each event with 26 bytes beside its message")
  func bytes() {
    let half = String(repeating: "x", count: 524_288 - 26)
    #expect(LogBatches.batches(of: [event(1, half), event(2, half)]).count == 1)
    #expect(LogBatches.batches(of: [event(1, half), event(2, half + "x")]).count == 2)
  }

  @Test("span less than a day, whatever the times are")
  func span() {
    let day: Int64 = 86_400_000
    #expect(LogBatches.batches(of: [event(0), event(day - 1)]).count == 1)
    #expect(LogBatches.batches(of: [event(0), event(day), event(day + 1)]).map(\.count) == [1, 2])
    #expect(LogBatches.batches(of: [event(.min), event(.max)]).count == 2)
  }

  @Test("a message is cut to what an event may have, between characters")
  func cuts() {
    let most = 1_048_550
    #expect(LogBatches.fitting("short") == "short")
    #expect(LogBatches.fitting("") == " ")
    #expect(LogBatches.fitting(String(repeating: "x", count: most + 5)).utf8.count == most)
    let umlauts = LogBatches.fitting("x" + String(repeating: "ü", count: most))
    #expect(umlauts.utf8.count == most - 1)
    #expect(umlauts.last == "ü")
  }
}

import Testing
import TokyoDataColumns

@testable import TokyoDataPostgres

@Suite("Batches that are read ahead")
struct BatchBufferTests {
  private static func batch(_ value: Int64) throws -> ColumnBatch {
    var builder = ColumnBatchBuilder(try ColumnSchema([ColumnField("i", .int64)]))
    try builder.append(row: [.int(value)])
    return try builder.finish()
  }

  @Test("come in their order, all of them, and then the end", arguments: [1, 2, 7])
  func order(limit: Int) async throws {
    let buffer = BatchBuffer(limit: limit)
    async let sending: Void = {
      for value in 0..<200 as Range<Int64> { try await buffer.send(Self.batch(value)) }
      buffer.finish(.success(()))
    }()
    var taken: [ColumnValue] = []
    while let batch = try await buffer.next() { taken.append(batch.row(0)[0]) }
    try await sending
    #expect(taken == (0..<200).map { .int($0) })
    #expect(try await buffer.next() == nil)
  }

  @Test("wait for their use when there are as many as the limit")
  func limit() async throws {
    let buffer = BatchBuffer(limit: 2)
    let sent = AsyncStream<Int64>.makeStream()
    let sending = Task {
      for value in 0..<4 as Range<Int64> {
        try await buffer.send(Self.batch(value))
        sent.continuation.yield(value)
      }
    }
    var progress = sent.stream.makeAsyncIterator()
    #expect(await progress.next() == 0)
    #expect(await progress.next() == 1)
    // The third is sent only after the first was taken.
    #expect(try await buffer.next() == Self.batch(0))
    #expect(await progress.next() == 2)
    sending.cancel()
    #expect(await sending.result.isFailure)
  }

  @Test("that came before an error are used before it is thrown")
  func failure() async throws {
    let buffer = BatchBuffer(limit: 2)
    try await buffer.send(Self.batch(1))
    buffer.finish(.failure(PostgresError(.connectionLost, "gone")))
    #expect(try await buffer.next() == Self.batch(1))
    #expect(await code { _ = try await buffer.next() } == .connectionLost)
  }

  @Test("are no longer waited for by a task that is canceled")
  func cancellation() async throws {
    let buffer = BatchBuffer(limit: 1)
    let taking = Task { try await buffer.next() }
    taking.cancel()
    await #expect(throws: CancellationError.self) { _ = try await taking.value }
    try await buffer.send(Self.batch(1))
    let sending = Task { try await buffer.send(Self.batch(2)) }
    sending.cancel()
    await #expect(throws: CancellationError.self) { try await sending.value }
    #expect(try await buffer.next() == Self.batch(1))
  }
}

extension Result {
  fileprivate var isFailure: Bool { if case .failure = self { true } else { false } }
}

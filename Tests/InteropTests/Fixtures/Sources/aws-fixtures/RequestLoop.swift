internal import TokyoDataAWS

/// Many small requests of every kind, some at a time.
struct RequestLoop {
  private static let width = 8
  /// One round of a worker: put, head, get, a range, absent, delete.
  private static let round = 6

  private let store: S3ObjectStore

  init(bucket: String) throws {
    store = try S3ObjectStore(bucket: bucket, session: AWSSession())
  }

  /// Prints what the process holds once all is warm, and in the end.
  func run(_ count: Int) async throws {
    // A tenth opens the connections and fills what is kept.
    try await requests(max(1, count / 10))
    let before = try ProcessFigures.now()
    try await requests(count - count / 10)
    try JSONLine.print(["before": before.fields, "after": ProcessFigures.now().fields])
  }

  private func requests(_ count: Int) async throws {
    let rounds = (count + Self.round - 1) / Self.round
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<Self.width {
        group.addTask {
          for number in stride(from: worker, to: rounds, by: Self.width) { try await round(number) }
        }
      }
      try await group.waitForAll()
    }
  }

  private func round(_ number: Int) async throws {
    // Without a folder: rclone takes one away with its last object, and with what is put there meanwhile.
    let key = try ObjectKey("request-\(number)")
    let bytes = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 1_000)
    try await store.put(bytes, as: key)
    let size = try await store.size(of: key)
    guard size == bytes.count else { throw Wrong("object \(number) has the size \(size ?? -1)") }
    guard try await store.get(key) == bytes else { throw Wrong("object \(number) has other bytes") }
    guard try await store.get(key, range: 10..<20) == Array(bytes[10..<20]) else {
      throw Wrong("a range of object \(number) has other bytes")
    }
    do {
      _ = try await store.get(ObjectKey("request-absent"))
      throw Wrong("what is absent was read")
    } catch let error as TokyoDataError where error.code == .notFound {}
    guard try await store.delete([key]).allSatisfy({ $0.error == nil }) else {
      throw Wrong("object \(number) was not deleted")
    }
  }
}

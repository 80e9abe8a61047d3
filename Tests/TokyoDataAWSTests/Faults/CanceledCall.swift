import TokyoDataCore
import TokyoDataLake
import TokyoDataTesting

@testable import TokyoDataAWS

/// A call in use, which can be canceled anywhere, and what must be true afterwards.
enum CanceledCall: String, CaseIterable, Sendable {
  case get, download, put, putInParts, upload, copy, glue

  /// In pages of this size things are read.
  static let range = 1 << 16
  static let small = S3ObjectStoreTests.bytes(100_000)
  static let large = S3ObjectStoreTests.bytes(11 << 20)

  /// Makes the call through a client; names are its own.
  func run(_ client: AWSClient, _ bucket: String) async throws {
    var options = S3ObjectStoreOptions()
    options.partSize = 5 << 20
    options.rangeSize = Self.range
    options.width = 2
    let store = try S3ObjectStore(bucket: bucket, prefix: nil, client: client, options: options)
    let key = try ObjectKey("new/" + WriteMark().text)
    switch self {
    case .get: _ = try await store.get(ObjectKey("there"), range: 0..<10_000)
    case .download: try await store.read(ObjectKey("there")) { _ in }
    case .put: try await store.put(Self.small, as: key)
    case .putInParts: try await store.put(Self.large, as: key)
    case .upload:
      try await store.withUpload(to: key) { upload in
        for piece in stride(from: 0, to: Self.large.count, by: 1 << 20) {
          try await upload.write(Array(Self.large[piece..<min(piece + 1 << 20, Self.large.count)]))
        }
      }
    case .copy: try await store.copy(ObjectKey("there"), to: key)
    case .glue:
      _ = try await GlueCatalog(
        database: JSONLaboratory.newName("db"), bucket: bucket, layout: LakeLayout(), client: client,
        clock: HurriedClock()
      ).shown(of: GlueScenario.dataset())
    }
  }

  /// What the object may be that it makes, where it makes one.
  var size: Int? {
    switch self {
    case .get, .download, .glue: nil
    case .put, .copy: Self.small.count
    case .putInParts, .upload: Self.large.count
    }
  }

  /// What goes each way, at least.
  func traffic(_ bench: S3Bench) async throws -> (up: Int, down: Int) {
    let relay = try MeteredRelay(stoppingAt: nil)
    defer { relay.stop() }
    try await run(Laboratory.client(at: relay.url), bench.bucket)
    return (relay.passed(.up), relay.passed(.down))
  }

  /// Points on the way of it: its ends, and others by chance, the same in every run.
  func marks(_ bench: S3Bench, seed: UInt64) async throws -> [MeteredRelay.Mark] {
    let (up, down) = try await traffic(bench)
    var generator = SeededGenerator(seed)
    return [.init(way: .up, bytes: 0), .init(way: .up, bytes: 1), .init(way: .up, bytes: up - 10)]
      + (0..<6).map { _ in .init(way: .up, bytes: .random(in: 2..<up - 10, using: &generator)) }
      + [.init(way: .down, bytes: 0), .init(way: .down, bytes: 1), .init(way: .down, bytes: down - 10)]
      + (0..<6).map { _ in .init(way: .down, bytes: .random(in: 2..<down - 10, using: &generator)) }
  }
}

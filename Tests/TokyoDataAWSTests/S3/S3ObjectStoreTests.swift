import Testing
import TokyoDataCore
import TokyoDataLake
import TokyoDataTesting

@testable import TokyoDataAWS

@Suite("S3ObjectStore")
struct S3ObjectStoreTests {
  let bench: S3Bench

  init() async throws { bench = try await S3Bench() }

  @Test("keeps the contract of an object store", arguments: ObjectStoreConformance.cases)
  func keepsContract(_ conformance: ConformanceCase<any ObjectStore>) async throws {
    try await conformance.run(on: try bench.store())
    #expect(try await bench.pendingUploads().isEmpty)
  }

  @Test("keeps it below a prefix, in small ranges", arguments: ObjectStoreConformance.cases)
  func keepsContractBelow(_ conformance: ConformanceCase<any ObjectStore>) async throws {
    try await bench.client.put([[9][...]], as: "lake")
    try await bench.client.put([[9][...]], as: "lakes/a")
    try await conformance.run(on: try bench.store(prefix: "lake/é") { $0.rangeSize = 1 })
    #expect(try await bench.pendingUploads().isEmpty)
  }

  @Test("reads a large object in ranges at once, all of it and parts of it")
  func ranges() async throws {
    let store = try bench.store { $0.rangeSize = 1 << 20 }
    let bytes = Self.bytes(5 << 20 + 12_345)
    let key = try ObjectKey("large")
    try await store.put(bytes, as: key)
    #expect(try await store.get(key) == bytes)
    #expect(try await bench.count("GetObject") == 6)
    for range in [0..<bytes.count, 1..<(3 << 20), 777..<(2 << 20 + 778), (5 << 20)..<bytes.count] {
      #expect(try await store.get(key, range: range) == Array(bytes[range]))
    }
    await #expect(throws: TokyoDataError.self) { try await store.get(key, range: 0..<bytes.count + 1) }
  }

  @Test("writes a large object in parts, which read back with the checksum of the whole")
  func parts() async throws {
    let store = try bench.store { $0.partSize = 5 << 20 }
    let bytes = Self.bytes(17 << 20 + 1)
    let key = try ObjectKey("large")
    try await store.withUpload(to: key) { upload in
      for start in stride(from: 0, to: bytes.count, by: 700_001) {
        try await upload.write(Array(bytes[start..<min(start + 700_001, bytes.count)]))
      }
    }
    #expect(try await bench.count("UploadPart") == 4)
    #expect(try await store.get(key) == bytes)
    let head = try #require(try await bench.client.head("large"))
    #expect(head.checksum?.text == CRC32([bytes[...]]).text)
    #expect(try await bench.pendingUploads().isEmpty)
    let other = try ObjectKey("put")
    try await store.put(bytes, as: other)
    #expect(try await bench.count("UploadPart") == 8)
    #expect(try await store.get(other) == bytes)
  }

  @Test("a part's worth goes out in one request, and an upload of nothing is an object")
  func small() async throws {
    let store = try bench.store { $0.partSize = 5 << 20 }
    try await store.withUpload(to: ObjectKey("small")) { try await $0.write(Self.bytes(5 << 20 - 1)) }
    try await store.withUpload(to: ObjectKey("empty")) { _ in }
    #expect(try await bench.count("CreateMultipartUpload") == 0)
    #expect(try await bench.count("PutObject") == 2)
    #expect(try await store.get(ObjectKey("empty")) == [])
  }

  @Test("an object that is replaced while it is read is a conflict, not a mixture")
  func replaced() async throws {
    let store = try bench.store {
      $0.rangeSize = 1 << 16; $0.width = 1
    }
    let key = try ObjectKey("x")
    try await store.put(Self.bytes(1 << 18), as: key)
    var isFirst = true
    let error = await #expect(throws: TokyoDataError.self) {
      try await store.read(key) { _ in
        guard isFirst else { return }
        isFirst = false
        _ = try await store.delete([key])
        try await store.put([UInt8](repeating: 0, count: 1 << 18), as: key)
      }
    }
    #expect(error?.code == .conflict)
  }

  @Test("an upload that fails, is cancelled or forgotten leaves nothing behind")
  func orphans() async throws {
    struct Odd: Error {}
    let store = try bench.store { $0.partSize = 5 << 20 }
    await #expect(throws: Odd.self) {
      try await store.withUpload(to: ObjectKey("failed")) { upload in
        try await upload.write(Self.bytes(11 << 20))
        throw Odd()
      }
    }
    let begun = Gate()
    let task = Task {
      try await store.withUpload(to: ObjectKey("cancelled")) { upload in
        try await upload.write(Self.bytes(11 << 20))
        begun.open()
        while true { try await upload.write(Self.bytes(5 << 20)) }
      }
    }
    try await begun.wait()
    task.cancel()
    await #expect(throws: (any Error).self) { try await task.value }
    #expect(try await bench.pendingUploads().isEmpty)
    #expect(try await store.list(prefix: "").isEmpty)
  }

  @Test("of several uploads in parts to one key exactly one succeeds, and the others leave nothing")
  func raced() async throws {
    let store = try bench.store { $0.partSize = 5 << 20 }
    let key = try ObjectKey("raced")
    let winners = try await withThrowingTaskGroup(of: UInt8?.self) { group in
      for contestant in UInt8(0)..<4 {
        group.addTask {
          do { try await store.put([UInt8](repeating: contestant, count: 6 << 20), as: key) } catch let error
            as TokyoDataError where error.code == .conflict
          { return nil }
          return contestant
        }
      }
      return try await group.reduce(into: [UInt8]()) { if let winner = $1 { $0.append(winner) } }
    }
    #expect(winners.count == 1)
    #expect(try await store.get(key) == [UInt8](repeating: winners.first ?? 9, count: 6 << 20))
    #expect(try await bench.pendingUploads().isEmpty)
  }

  @Test("ends uploads that another process began, and their writer fails")
  func foreign() async throws {
    let (store, other) = (
      try bench.store { $0.partSize = 5 << 20 }, try bench.store { $0.partSize = 5 << 20 }
    )
    let upload = try await other.upload(to: ObjectKey("a/x"))
    try await upload.write(Self.bytes(6 << 20))
    try await store.abortUploads(prefix: "a/")
    let error = await #expect(throws: TokyoDataError.self) {
      try await upload.write(Self.bytes(30 << 20))
      try await upload.commit()
    }
    #expect(error?.code == .conflict)
    #expect(try await bench.pendingUploads().isEmpty)
    #expect(try await store.list(prefix: "").isEmpty)
  }

  @Test("an upload without end of small pieces takes its parts as it goes", arguments: [1, 3])
  func pieces(_ width: Int) async throws {
    let store = try bench.store {
      $0.partSize = 5 << 20; $0.width = width
    }
    let piece = Self.bytes(1_000)
    try await store.withUpload(to: ObjectKey("x")) { upload in
      for _ in 0..<12_000 { try await upload.write(piece) }
    }
    #expect(try await store.size(of: ObjectKey("x")) == 12_000_000)
    #expect(try await bench.count("UploadPart") == 3)
  }

  @Test("a copy has the bytes of its source, and never replaces an object")
  func copies() async throws {
    let store = try bench.store()
    let (source, copy) = (try ObjectKey("a b/+é"), try ObjectKey("copy"))
    try await store.put(Self.bytes(1_000), as: source)
    try await store.copy(source, to: copy)
    #expect(try await store.get(copy) == Self.bytes(1_000))
    let taken = await #expect(throws: TokyoDataError.self) { try await store.copy(source, to: copy) }
    #expect(taken?.code == .conflict)
    let absent = await #expect(throws: TokyoDataError.self) {
      try await store.copy(ObjectKey("no"), to: ObjectKey("x"))
    }
    #expect(absent?.code == .notFound)
    let plan = PartPlan(partSize: 5 << 20)
    let large = Self.bytes(11 << 20)
    try await store.put(large, as: ObjectKey("large"))
    let head = try #require(try await bench.client.head("large"))
    try await bench.client.copyInParts("large", head, to: "large copy", plan: plan, width: 2)
    #expect(try await store.get(ObjectKey("large copy")) == large)
  }

  @Test("deletes more keys than one request takes, and lists more than one page")
  func many() async throws {
    let store = try bench.store(prefix: "p")
    let keys = try (0..<1_100).map { try ObjectKey("k/\($0)") }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for start in stride(from: 0, to: keys.count, by: 275) {
        group.addTask { for key in keys[start..<start + 275] { try await store.put([1], as: key) } }
      }
      try await group.waitForAll()
    }
    #expect(try await store.list(prefix: "k/").map(\.key) == keys.sorted())
    #expect(try await bench.count("ListObjectsV2") == 2)
    #expect(try await store.delete(keys).map(\.key) == keys)
    #expect(try await bench.count("DeleteObjects") == 2)
    #expect(try await store.list(prefix: "").isEmpty)
  }

  @Test("another account's bucket is refused, ours is not")
  func owner() async throws {
    let ours = try bench.store { $0.expectedBucketOwner = "123456789012" }
    try await ours.put([1], as: ObjectKey("x"))
    let error = await #expect(throws: TokyoDataError.self) {
      try await bench.store { $0.expectedBucketOwner = "999999999999" }.put([1], as: ObjectKey("y"))
    }
    #expect(error?.code == .permissionDenied)
  }

  @Test(
    "refuses names that no bucket has", arguments: ["", "ab", "a/b", "a b", "..", "é-bucket", "a?b", "a:b"])
  func names(_ name: String) {
    #expect(throws: TokyoDataError.self) {
      _ = try S3ObjectStore(bucket: name, prefix: nil, client: bench.aws, options: .init())
    }
  }

  static func bytes(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      for index in 0..<count { buffer[index] = UInt8(truncatingIfNeeded: index &* 31 &+ index >> 8) }
      filled = count
    }
  }
}

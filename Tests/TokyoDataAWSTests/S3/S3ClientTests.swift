import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("S3's operations")
struct S3ClientTests {
  let bench: S3Bench

  init() async throws { bench = try await S3Bench() }

  @Test("takes every key as it is: puts, reads, lists, copies and deletes it", arguments: S3TextTests.keys)
  func keys(_ key: String) async throws {
    let client = bench.client
    try await client.put([[1, 2, 3][...]], as: key)
    #expect(try await client.first(10, of: key).pieces == [[1, 2, 3]])
    #expect(try await client.range(1..<3, of: key, etag: nil).pieces == [[2, 3]])
    let listed = try await client.list(prefix: key, token: nil).objects
    #expect(listed.map { Array($0.key.utf8) } == [Array(key.utf8)])
    try await client.copy(key, etag: nil, to: key + "2")
    #expect(try await client.head(key + "2")?.size == 3)
    let id = try await client.createUpload(key + "3", mark: WriteMark())
    var pending: [String] = []
    try await client.listUploads(prefix: key) { uploads, _ in pending += uploads.map(\.id) }
    #expect(pending == [id])
    let part = try await client.uploadPart([[7][...]], number: 1, of: id, to: key + "3")
    #expect(
      try await client.listParts(of: id, to: key + "3") == [S3Part(number: 1, etag: part.etag, size: 1)])
    try await client.completeUpload(id, parts: [part], to: key + "3", mark: WriteMark())
    #expect(try await client.delete([key, key + "2", key + "3"]).isEmpty)
    #expect(try await client.list(prefix: "", token: nil).objects.isEmpty)
  }

  @Test("an aborted upload has no parts, and ends once only")
  func aborts() async throws {
    let client = bench.client
    let id = try await client.createUpload("x", mark: WriteMark())
    await client.abort(id, of: "x")
    await client.abort(id, of: "x")
    #expect(try await client.listParts(of: id, to: "x") == nil)
  }

  @Test("a bucket is made once, and found")
  func buckets() async throws {
    let bucket = try S3Bucket(bench.bucket, client: bench.aws, region: "ap-northeast-1")
    try await bucket.create()
    #expect(try await bucket.exists())
    let other = try S3Bucket(bench.bucket + "-no", client: bench.aws, region: "ap-northeast-1")
    #expect(try await !other.exists())
    let error = await #expect(throws: TokyoDataError.self) { try await other.lifecycle() }
    #expect(error?.code == .notFound)
  }

  @Test("a bucket's configuration reads back as it was set")
  func configuration() async throws {
    let bucket = try S3Bucket(bench.bucket, client: bench.aws, region: "ap-northeast-1")
    #expect(try await bucket.lifecycle().isEmpty)
    let rules = [
      S3LifecycleRule(
        id: "cold", filter: .init(prefix: "lake/", tags: ["tier": "cold"]),
        transitions: [.init(days: 30, to: .standardInfrequentAccess)], expirationDays: 400),
      S3LifecycleRule(id: "leftovers", filter: .init(prefix: "lake/"), unfinishedUploadDays: 2),
    ]
    try await bucket.setLifecycle(rules)
    #expect(try await bucket.lifecycle() == rules)
    try await bucket.setLifecycle([])
    #expect(try await bucket.lifecycle().isEmpty)

    #expect(try await bucket.publicAccessBlock() == .nothing)
    try await bucket.setPublicAccessBlock(.everything)
    #expect(try await bucket.publicAccessBlock() == .everything)

    try await bucket.setEncryption(.kms(keyID: "alias/lake"))
    #expect(try await bucket.encryption() == .kms(keyID: "alias/lake"))
    try await bucket.setEncryption(.s3Keys)
    #expect(try await bucket.encryption()?.algorithm == .s3)

    #expect(try await bucket.versioning() == .disabled)
    // The laboratory keeps no versions and says so.
    let error = await #expect(throws: TokyoDataError.self) { try await bucket.setVersioning(.enabled) }
    #expect(error?.code == .unsupported)
    await #expect(throws: TokyoDataError.self) { try await bucket.setVersioning(.disabled) }
  }
}

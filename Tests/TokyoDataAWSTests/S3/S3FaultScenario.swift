import Testing
import TokyoDataCore
import TokyoDataLake

@testable import TokyoDataAWS

/// An operation of S3 in use on a bucket of its own.
struct S3FaultScenario: FaultScenario {
  let operation: AWSOperation
  let bench: S3Bench
  private let use: Use
  private let store: S3ObjectStore

  /// How one operation is used.
  struct Use: Sendable {
    var prepare: @Sendable (S3Bench, S3ObjectStore) async throws -> Void = { _, _ in }
    var act: @Sendable (S3Bench, S3ObjectStore) async throws -> Void
    /// After success.
    var verify: @Sendable (S3Bench, S3ObjectStore) async throws -> Void = { _, _ in }
  }

  /// - Returns: nil for an operation without a use.
  init?(_ operation: AWSOperation) async throws {
    guard let use = Self.uses[operation.name] else { return nil }
    self.operation = operation
    self.use = use
    bench = try await S3Bench()
    store = try bench.store { $0.partSize = 5 << 20 }
  }

  var target: String { bench.bucket }

  func prepare() async throws { try await use.prepare(bench, store) }

  func act() async throws {
    // Calls of the client throw what the store would put into our terms.
    do { try await use.act(bench, store) } catch {
      throw TokyoDataError.of(error, object: "object", store: "s3")
    }
  }

  func verify(succeeded: Bool, _ reach: FaultReach, _ title: String) async throws {
    if succeeded { try await use.verify(bench, store) }
    // Objects are whole or absent, whatever was told of them.
    for object in try await store.list(prefix: "made") {
      let bytes = try await store.get(object.key)
      #expect(bytes == Self.small || bytes == Self.large, "\(title): half an object")
    }
    let left = try await bench.pendingUploads()
    // Who can never abort cannot but leave an upload; who was not told what is there, another's.
    let leaves =
      operation == .abortMultipartUpload
      ? reach == .always
      : operation == .listMultipartUploads ? !succeeded : false
    if !leaves { #expect(left.isEmpty, "\(title): an orphan upload") }
  }

  static let small = S3ObjectStoreTests.bytes(1_000)
  static let large = S3ObjectStoreTests.bytes(5 << 20 + 1_000)

  static var uses: [String: Use] { objectUses.merging(uploadUses) { $1 }.merging(bucketUses) { $1 } }

  private static var objectUses: [String: Use] {
    [
      "GetObject": Use(
        prepare: { _, store in try await store.put(small, as: ObjectKey("x")) },
        act: { _, store in
          expect(try await store.get(ObjectKey("x")), small)
          expect(try await store.get(ObjectKey("x"), range: 10..<500), Array(small[10..<500]))
        }),
      "HeadObject": Use(
        prepare: { _, store in try await store.put(small, as: ObjectKey("x")) },
        act: { _, store in
          expect(try await store.size(of: ObjectKey("x")), small.count)
          expect(try await store.size(of: ObjectKey("absent")), nil)
        }),
      "PutObject": Use(
        act: { _, store in try await store.put(small, as: ObjectKey("made")) },
        verify: { _, store in expect(try await store.get(ObjectKey("made")), small) }),
      "CopyObject": Use(
        prepare: { _, store in try await store.put(small, as: ObjectKey("x")) },
        act: { _, store in try await store.copy(ObjectKey("x"), to: ObjectKey("made")) },
        verify: { _, store in expect(try await store.get(ObjectKey("made")), small) }),
      "DeleteObject": Use(
        prepare: { bench, _ in try await bench.client.put([[1][...]], as: "\u{ffff}") },
        act: { bench, _ in
          if let refused = try await bench.client.delete(["\u{ffff}"]).first { throw refused.error }
        },
        verify: { bench, _ in expect(try await bench.client.head("\u{ffff}"), nil) }),
      "DeleteObjects": Use(
        prepare: { _, store in for name in ["x", "y"] { try await store.put(small, as: ObjectKey(name)) } },
        act: { _, store in
          for deletion in try await store.delete([ObjectKey("x"), ObjectKey("y"), ObjectKey("absent")]) {
            if let error = deletion.error { throw error }
          }
        },
        verify: { _, store in expect(try await store.list(prefix: "").isEmpty, true) }),
      "ListObjectsV2": Use(
        prepare: { _, store in for name in ["x", "y"] { try await store.put(small, as: ObjectKey(name)) } },
        act: { _, store in expect(try await store.list(prefix: "").map(\.key.path), ["x", "y"]) }),
    ]
  }

  /// Each of the operations that an upload in parts needs.
  private static var upload: Use {
    Use(
      act: { _, store in try await store.withUpload(to: ObjectKey("made")) { try await $0.write(large) } },
      verify: { _, store in expect(try await store.get(ObjectKey("made")), large) })
  }

  private static var uploadUses: [String: Use] {
    [
      "CreateMultipartUpload": upload, "UploadPart": upload, "CompleteMultipartUpload": upload,
      "UploadPartCopy": Use(
        prepare: { _, store in try await store.put(small, as: ObjectKey("x")) },
        act: { bench, _ in
          let head = try #require(try await bench.client.head("x"))
          try await bench.client.copyInParts(
            "x", head, to: "made", plan: PartPlan(partSize: 5 << 20), width: 2)
        },
        verify: { _, store in expect(try await store.get(ObjectKey("made")), small) }),
      "AbortMultipartUpload": Use(
        act: { _, store in
          let upload = try await store.upload(to: ObjectKey("made"))
          try await upload.write(large)
          await upload.abort()
        },
        verify: { _, store in expect(try await store.list(prefix: "").isEmpty, true) }),
      "ListMultipartUploads": Use(
        prepare: { bench, _ in _ = try await bench.client.createUpload("x", mark: WriteMark()) },
        act: { _, store in try await store.abortUploads(prefix: "") }),
      "ListParts": Use(
        act: { bench, _ in
          let id = try await bench.client.createUpload("x", mark: WriteMark())
          let part = try await bench.client.uploadPart([small[...]], number: 1, of: id, to: "x")
          let found: [S3Part]?
          do { found = try await bench.client.listParts(of: id, to: "x") } catch {
            await bench.client.abort(id, of: "x")
            throw error
          }
          await bench.client.abort(id, of: "x")
          #expect(found == [S3Part(number: 1, etag: part.etag, size: small.count)])
        }),
    ]
  }

  private static var bucketUses: [String: Use] {
    [
      "HeadBucket": bucket { expect(try await $0.exists(), true) },
      "CreateBucket": Use(
        act: { bench, _ in
          try await S3Bucket(bench.bucket + "-new", client: bench.aws, region: "ap-northeast-1").create()
        },
        verify: { bench, _ in
          expect(try await S3Bucket(bench.bucket + "-new", client: bench.aws, region: "").exists(), true)
        }),
      "GetBucketLifecycleConfiguration": bucket {
        try await $0.setLifecycle(rules)
      } act: {
        expect(try await $0.lifecycle(), rules)
      },
      "PutBucketLifecycleConfiguration": bucket {
        try await $0.setLifecycle(rules)
      } verify: {
        expect(try await $0.lifecycle(), rules)
      },
      "DeleteBucketLifecycle": bucket {
        try await $0.setLifecycle(rules)
      } act: {
        try await $0.setLifecycle([])
      } verify: {
        expect(try await $0.lifecycle().isEmpty, true)
      },
      "GetPublicAccessBlock": bucket {
        try await $0.setPublicAccessBlock(.everything)
      } act: {
        expect(try await $0.publicAccessBlock(), .everything)
      },
      "PutPublicAccessBlock": bucket {
        try await $0.setPublicAccessBlock(.everything)
      } verify: {
        expect(try await $0.publicAccessBlock(), .everything)
      },
      "GetBucketEncryption": bucket {
        try await $0.setEncryption(.kms(keyID: "k"))
      } act: {
        expect(try await $0.encryption(), .kms(keyID: "k"))
      },
      "PutBucketEncryption": bucket {
        try await $0.setEncryption(.kms(keyID: "k"))
      } verify: {
        expect(try await $0.encryption(), .kms(keyID: "k"))
      },
      "GetBucketVersioning": bucket { expect(try await $0.versioning(), .disabled) },
      // The laboratory keeps no versions: the honest ending is its refusal.
      "PutBucketVersioning": bucket { bucket in
        do { try await bucket.setVersioning(.enabled) } catch let error as TokyoDataError
          where error.code == .unsupported
        {}
      },
    ]
  }

  private static let rules = [S3LifecycleRule(id: "r", filter: .init(prefix: "p/"), expirationDays: 9)]

  private static func bucket(
    prepare: @escaping @Sendable (S3Bucket) async throws -> Void = { _ in },
    act: @escaping @Sendable (S3Bucket) async throws -> Void,
    verify: @escaping @Sendable (S3Bucket) async throws -> Void = { _ in }
  ) -> Use {
    Use(
      prepare: { bench, _ in try await prepare(S3Bucket(bench.bucket, client: bench.aws, region: "")) },
      act: { bench, _ in try await act(S3Bucket(bench.bucket, client: bench.aws, region: "")) },
      verify: { bench, _ in try await verify(S3Bucket(bench.bucket, client: bench.aws, region: "")) })
  }

  /// The macro `#expect` does not make a closure throw what is tried in it.
  private static func expect<Value: Equatable>(
    _ found: Value, _ expected: Value, at location: SourceLocation = #_sourceLocation
  ) {
    #expect(found == expected, sourceLocation: location)
  }
}

import Testing
import TokyoDataCore
import TokyoDataLake

@testable import TokyoDataAWS

/// The operations of S3 on a bucket of their own.
struct S3FaultScenario: FaultScenario {
  let bench: S3Bench
  private let store: S3ObjectStore

  init() async throws {
    bench = try await S3Bench()
    store = try bench.store { $0.partSize = 5 << 20 }
  }

  var target: String { bench.bucket }

  func told(_ error: any Error) -> any Error {
    TokyoDataError.of(error, object: "object", store: "s3")
  }

  func checkRemains(of run: FaultRun, succeeded: Bool) async throws {
    // Objects are whole or absent, whatever was told of them.
    for object in try await store.list(prefix: "made") {
      let bytes = try await store.get(object.key)
      #expect(bytes == Self.small || bytes == Self.large, "\(run): half an object")
    }
    let left = try await bench.pendingUploads()
    // Who can never abort cannot but leave an upload; who was not told what is there, another's.
    let leaves =
      run.operation == .abortMultipartUpload
      ? run.reach == .always
      : run.operation == .listMultipartUploads ? !succeeded : false
    if !leaves { #expect(left.isEmpty, "\(run): an orphan upload") }
  }

  static let small = S3ObjectStoreTests.bytes(1_000)
  static let large = S3ObjectStoreTests.bytes(5 << 20 + 1_000)

  static var uses: [String: FaultUse<Self>] {
    objectUses.merging(uploadUses) { $1 }.merging(bucketUses) { $1 }
  }

  private static var objectUses: [String: FaultUse<Self>] {
    [
      "GetObject": FaultUse(
        prepare: { try await $0.store.put(small, as: ObjectKey("x")) },
        act: { s3 in
          expect(try await s3.store.get(ObjectKey("x")), small)
          expect(try await s3.store.get(ObjectKey("x"), range: 10..<500), Array(small[10..<500]))
        }),
      "HeadObject": FaultUse(
        prepare: { try await $0.store.put(small, as: ObjectKey("x")) },
        act: { s3 in
          expect(try await s3.store.size(of: ObjectKey("x")), small.count)
          expect(try await s3.store.size(of: ObjectKey("absent")), nil)
        }),
      "PutObject": FaultUse(
        act: { try await $0.store.put(small, as: ObjectKey("made")) },
        verify: { expect(try await $0.store.get(ObjectKey("made")), small) }),
      "CopyObject": FaultUse(
        prepare: { try await $0.store.put(small, as: ObjectKey("x")) },
        act: { try await $0.store.copy(ObjectKey("x"), to: ObjectKey("made")) },
        verify: { expect(try await $0.store.get(ObjectKey("made")), small) }),
      "DeleteObject": FaultUse(
        prepare: { s3 in try await s3.bench.client.put([[1][...]], as: "\u{ffff}") },
        act: { s3 in
          if let refused = try await s3.bench.client.delete(["\u{ffff}"]).first { throw refused.error }
        },
        verify: { s3 in expect(try await s3.bench.client.head("\u{ffff}"), nil) }),
      "DeleteObjects": FaultUse(
        prepare: { s3 in for name in ["x", "y"] { try await s3.store.put(small, as: ObjectKey(name)) } },
        act: { s3 in
          for deletion in try await s3.store.delete([ObjectKey("x"), ObjectKey("y"), ObjectKey("absent")]) {
            if let error = deletion.error { throw error }
          }
        },
        verify: { expect(try await $0.store.list(prefix: "").isEmpty, true) }),
      "ListObjectsV2": FaultUse(
        prepare: { s3 in for name in ["x", "y"] { try await s3.store.put(small, as: ObjectKey(name)) } },
        act: { expect(try await $0.store.list(prefix: "").map(\.key.path), ["x", "y"]) }),
    ]
  }

  /// Each of the operations that an upload in parts needs.
  private static var upload: FaultUse<Self> {
    FaultUse(
      act: { s3 in try await s3.store.withUpload(to: ObjectKey("made")) { try await $0.write(large) } },
      verify: { expect(try await $0.store.get(ObjectKey("made")), large) })
  }

  private static var uploadUses: [String: FaultUse<Self>] {
    [
      "CreateMultipartUpload": upload, "UploadPart": upload, "CompleteMultipartUpload": upload,
      "UploadPartCopy": FaultUse(
        prepare: { try await $0.store.put(small, as: ObjectKey("x")) },
        act: { s3 in
          let head = try #require(try await s3.bench.client.head("x"))
          try await s3.bench.client.copyInParts(
            "x", head, to: "made", plan: PartPlan(partSize: 5 << 20), width: 2)
        },
        verify: { expect(try await $0.store.get(ObjectKey("made")), small) }),
      "AbortMultipartUpload": FaultUse(
        act: { s3 in
          let upload = try await s3.store.upload(to: ObjectKey("made"))
          try await upload.write(large)
          await upload.abort()
        },
        verify: { expect(try await $0.store.list(prefix: "").isEmpty, true) }),
      "ListMultipartUploads": FaultUse(
        prepare: { _ = try await $0.bench.client.createUpload("x", mark: WriteMark()) },
        act: { try await $0.store.abortUploads(prefix: "") }),
      "ListParts": FaultUse(
        act: { s3 in
          let id = try await s3.bench.client.createUpload("x", mark: WriteMark())
          let part = try await s3.bench.client.uploadPart([small[...]], number: 1, of: id, to: "x")
          let found: [S3Part]?
          do { found = try await s3.bench.client.listParts(of: id, to: "x") } catch {
            await s3.bench.client.abort(id, of: "x")
            throw error
          }
          await s3.bench.client.abort(id, of: "x")
          #expect(found == [S3Part(number: 1, etag: part.etag, size: small.count)])
        }),
    ]
  }

  private static var bucketUses: [String: FaultUse<Self>] {
    [
      "HeadBucket": bucket { expect(try await $0.exists(), true) },
      "CreateBucket": FaultUse(
        act: { s3 in
          try await S3Bucket(s3.bench.bucket + "-new", client: s3.bench.aws, region: "ap-northeast-1")
            .create()
        },
        verify: { s3 in
          expect(
            try await S3Bucket(s3.bench.bucket + "-new", client: s3.bench.aws, region: "").exists(), true)
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
  ) -> FaultUse<Self> {
    FaultUse(
      prepare: { try await prepare(S3Bucket($0.bench.bucket, client: $0.bench.aws, region: "")) },
      act: { try await act(S3Bucket($0.bench.bucket, client: $0.bench.aws, region: "")) },
      verify: { try await verify(S3Bucket($0.bench.bucket, client: $0.bench.aws, region: "")) })
  }
}

import Foundation
import Testing
import TokyoDataLake
import TokyoDataTesting

@Suite("LocalObjectStore")
struct LocalObjectStoreTests {
  let folder: TemporaryFolder
  let store: LocalObjectStore

  init() throws {
    folder = try TemporaryFolder()
    store = try LocalObjectStore(folder: folder.path + "/lake/")
  }

  @Test("keeps the contract of an object store", arguments: ObjectStoreConformance.cases)
  func keepsContract(_ conformance: ConformanceCase<any ObjectStore>) async throws {
    try await conformance.run(on: store)
  }

  @Test("leaves neither files of its own nor empty folders behind")
  func leavesNothing() async throws {
    let key = try ObjectKey("a/b/c")
    try await store.put([1], as: key)
    await #expect(throws: TokyoDataError.self) { try await store.put([2], as: key) }
    #expect(folder.contents == ["lake", "lake/a", "lake/a/b", "lake/a/b/c"])
    _ = try await store.delete([key])
    #expect(folder.contents == ["lake"])
    let upload = try await store.upload(to: key)
    try await upload.write([1])
    await upload.abort()
    #expect(folder.contents == ["lake"])
  }

  @Test("removes what a killed process left of its uploads")
  func removesLeftovers() async throws {
    try await store.put([1], as: ObjectKey("d/v=1/part"))
    try folder.write([1, 2], to: "lake/d/v=1/.upload-00ff-part-2")
    #expect(try await store.list(prefix: "").map(\.key.path) == ["d/v=1/part"])
    try await store.abortUploads(prefix: "d/v=2/")
    #expect(folder.contents.contains("lake/d/v=1/.upload-00ff-part-2"))
    try await store.abortUploads(prefix: "d/v=1/")
    #expect(folder.contents == ["lake", "lake/d", "lake/d/v=1", "lake/d/v=1/part"])
  }

  @Test("an upload that nobody finishes is gone with its last reference")
  func dropsUploads() async throws {
    do {
      let upload = try await store.upload(to: ObjectKey("a/x"))
      try await upload.write([1])
    }
    #expect(!folder.contents.contains { $0.contains(".upload-") })
  }

  @Test("does not follow a symbolic link to an object")
  func refusesLinks() async throws {
    try folder.write([42], to: "secret")
    try await store.put([1], as: ObjectKey("x"))
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/lake/link", withDestinationPath: folder.path + "/secret")
    let key = try ObjectKey("link")
    await #expect(throws: TokyoDataError.self) { try await store.get(key) }
    #expect(try await store.size(of: key) == nil)
    #expect(try await store.list(prefix: "").map(\.key.path) == ["x"])
    await #expect(throws: TokyoDataError.self) { try await store.put([2], as: key) }
    #expect(try folder.read("secret") == [42])
  }

  @Test(
    "a key that could lead out of its store, or that no store can hold, is refused",
    arguments: [
      "", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/..", ".hidden", "a/.hidden/b", "a\\b",
      "a\u{0}b", "a\nb", String(repeating: "x", count: 221), String(repeating: "x/", count: 600) + "x",
    ])
  func refusesKeys(_ path: String) {
    #expect(throws: TokyoDataError.self) { try ObjectKey(path) }
  }

  @Test("errors name the object and not its folder")
  func namesObjects() async throws {
    let key = try ObjectKey("a/part-7")
    let error = await #expect(throws: TokyoDataError.self) { try await store.get(key) }
    #expect(error?.description.contains("part-7") == true)
    #expect(error?.description.contains(folder.path) == false)
  }

  @Test("a folder that may not be written is an error that says so")
  func reportsRefusal() async throws {
    let blocked = try LocalObjectStore(folder: "/proc/tokyo-lake")
    let key = try ObjectKey("x")
    await #expect(throws: TokyoDataError.self) { try await blocked.put([1], as: key) }
  }
}

import Foundation
import TokyoDataLake

/// A store with one deliberate fault, to see that the contract's cases find it.
struct BrokenObjectStore: ObjectStore {
  enum Fault: CaseIterable {
    case flipsBytes, losesEmptyObjects, shiftsRanges, givesFewerBytes, readsAbsentAsEmpty, sizesAbsentAsZero
    case overwritesOnPut, showsUploads, keepsAborted, overwritesOnCommit, takesLateWrites
    case listsByFolder, listsUnordered, hidesDeletions, failsOnAbsent, abortsAll
  }

  let name = "broken"
  let store: LocalObjectStore
  let fault: Fault

  func get(_ key: ObjectKey, range: Range<Int>?) async throws -> [UInt8] {
    let size = try await store.size(of: key)
    if fault == .readsAbsentAsEmpty, size == nil { return [] }
    var range = range
    if fault == .givesFewerBytes, let wanted = range, let size {
      range = min(wanted.lowerBound, size)..<min(wanted.upperBound, size)
    }
    if fault == .shiftsRanges, let wanted = range, let size, wanted.upperBound < size, !wanted.isEmpty {
      range = wanted.lowerBound + 1..<wanted.upperBound + 1
    }
    var bytes = try await store.get(key, range: range)
    if fault == .flipsBytes, bytes.count > 60_000 { bytes[60_000] ^= 1 }
    return bytes
  }

  func size(of key: ObjectKey) async throws -> Int? {
    let size = try await store.size(of: key)
    return fault == .sizesAbsentAsZero ? size ?? 0 : size
  }

  func put(_ bytes: [UInt8], as key: ObjectKey) async throws {
    if fault == .losesEmptyObjects, bytes.isEmpty { return }
    if fault == .overwritesOnPut { _ = try await store.delete([key]) }
    try await store.put(bytes, as: key)
  }

  func upload(to key: ObjectKey) async throws -> any ObjectUpload {
    if fault == .showsUploads { try await store.put([], as: key) }
    return BrokenUpload(key: key, store: store, fault: fault)
  }

  func list(prefix: String, _ consume: ([StoredObject]) async throws -> Void) async throws {
    var objects = try await store.list(prefix: prefix)
    if fault == .listsByFolder {
      objects.removeAll { !$0.key.path.hasPrefix(prefix + "/") && !prefix.isEmpty }
    }
    if fault == .listsUnordered { objects.sort { $0.key.name < $1.key.name } }
    try await consume(objects)
  }

  func delete(_ keys: [ObjectKey]) async throws -> [ObjectDeletion] {
    var absent: Set<ObjectKey> = []
    for key in keys where try await store.size(of: key) == nil { absent.insert(key) }
    let results = try await store.delete(keys)
    switch fault {
    case .hidesDeletions: return Array(results.dropLast())
    case .failsOnAbsent:
      return results.map {
        ObjectDeletion(
          key: $0.key, error: absent.contains($0.key) ? TokyoDataError(.notFound, "absent") : nil)
      }
    default: return results
    }
  }

  func abortUploads(prefix: String) async throws {
    try await store.abortUploads(prefix: fault == .abortsAll ? "" : prefix)
  }
}

/// An upload that may carry its store's fault.
private actor BrokenUpload: ObjectUpload {
  let key: ObjectKey
  let store: LocalObjectStore
  let fault: BrokenObjectStore.Fault
  private var bytes: [UInt8] = []
  private var upload: (any ObjectUpload)?
  private var isFinished = false

  init(key: ObjectKey, store: LocalObjectStore, fault: BrokenObjectStore.Fault) {
    self.key = key
    self.store = store
    self.fault = fault
  }

  func write(_ bytes: [UInt8]) async throws {
    if isFinished {
      if fault == .takesLateWrites { return }
      throw TokyoDataError(.invalidArgument, "finished")
    }
    self.bytes += bytes
    if upload == nil, fault != .showsUploads { upload = try await store.upload(to: key) }
    try await upload?.write(bytes)
  }

  func commit() async throws {
    if isFinished { throw TokyoDataError(.invalidArgument, "finished") }
    isFinished = true
    if fault == .overwritesOnCommit || fault == .showsUploads {
      _ = try await store.delete([key])
      try await store.put(bytes, as: key)
      await upload?.abort()
    } else {
      try await upload?.commit()
    }
  }

  func abort() async {
    if isFinished { return }
    isFinished = true
    if fault == .keepsAborted { try? await upload?.commit() } else { await upload?.abort() }
  }
}

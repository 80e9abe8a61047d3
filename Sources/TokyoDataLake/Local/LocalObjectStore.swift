public import TokyoDataCore

/// Objects as files in a folder of this machine.
///
/// An object is written under a hidden name beside its place, brought to the disk, and then linked to its
/// name, which the file system refuses where the name is taken: so a reader sees whole objects only, and no
/// crash leaves half of one. The file system must know hard links. Symbolic links are not followed to
/// objects, and folders that become empty are removed.
public struct LocalObjectStore: ObjectStore {
  /// `local`.
  public let name = "local"
  private let folder: LocalFolder
  private let calls: BlockingCalls

  /// Makes a store in a folder, which comes into being with the first object.
  ///
  /// - Parameters:
  ///   - folder: The folder's path.
  ///   - isDurable: Whether objects are on the disk before a put or commit returns; without it a power
  ///     failure may lose what was told to be there.
  ///   - width: How many file operations run at once.
  /// - Throws: `TokyoDataError.invalidArgument` for an empty path.
  public init(folder: String, isDurable: Bool = true, width: Int = 4) throws(TokyoDataError) {
    self.folder = try LocalFolder(path: folder, isDurable: isDurable)
    calls = BlockingCalls(width: width)
  }

  /// Reads a file, or a range of it.
  public func get(_ key: ObjectKey, range: Range<Int>?) async throws -> [UInt8] {
    try await run(key.name) { folder in
      let file = try PosixFile.reading(folder.path(of: key))
      guard let size = try file.size() else {
        throw SystemCallError(call: "open", number: PosixFile.notFound)
      }
      let wanted = range ?? 0..<size
      guard wanted.lowerBound >= 0 else {
        throw TokyoDataError(.invalidArgument, "\(key.name): a range begins at 0 or later")
      }
      let bytes = wanted.upperBound <= size ? try file.read(wanted) : []
      guard bytes.count == wanted.count else {
        throw TokyoDataError(
          .invalidData,
          "\(key.name): bytes \(wanted.lowerBound) to \(wanted.upperBound) of an object of \(size)")
      }
      return bytes
    }
  }

  /// Asks the file system.
  public func size(of key: ObjectKey) async throws -> Int? {
    try await run(key.name) { try PosixFile.size($0.path(of: key)) }
  }

  /// Writes a hidden file and links it to its name.
  public func put(_ bytes: [UInt8], as key: ObjectKey) async throws {
    try await run(key.name) { folder in
      let (file, path) = try folder.unfinished(for: key)
      do { try file.append(bytes) } catch {
        _ = try? PosixFile.remove(path)
        throw error
      }
      try folder.publish(file, path, as: key)
    }
  }

  /// Begins a hidden file, which the commit links to its name.
  public func upload(to key: ObjectKey) async throws -> any ObjectUpload {
    let (file, path) = try await run(key.name) { folder in
      guard try PosixFile.size(folder.path(of: key)) == nil else {
        throw SystemCallError(call: "link", number: PosixFile.exists)
      }
      return try folder.unfinished(for: key)
    }
    return LocalObjectUpload(key: key, store: self, file: file, path: path)
  }

  /// Walks the folders in the order of their keys; names that no key can have are left out.
  public func list(prefix: String, _ consume: ([StoredObject]) async throws -> Void) async throws {
    let objects = try await run("listing") { try $0.list(prefix: prefix) }
    for start in stride(from: 0, to: objects.count, by: 1_000) {
      try await consume(Array(objects[start..<min(start + 1_000, objects.count)]))
    }
  }

  /// Removes files, and the folders that are empty then.
  public func delete(_ keys: [ObjectKey]) async throws -> [ObjectDeletion] {
    let name = name
    return try await run("deletion") { folder in
      keys.map { key in
        do throws(SystemCallError) { try folder.remove(key) } catch {
          return ObjectDeletion(key: key, error: TokyoDataError(error, object: key.name, store: name))
        }
        return ObjectDeletion(key: key)
      }
    }
  }

  /// Removes hidden files, also those that a killed process left.
  public func abortUploads(prefix: String) async throws {
    try await run("uploads") { try $0.removeUnfinished(prefix: prefix) }
  }

  /// Runs a call on the folder off the cooperative pool, its errors in our terms.
  func run<Result: Sendable>(
    _ object: String, _ body: @escaping @Sendable (LocalFolder) throws -> Result
  ) async throws -> Result {
    do { return try await calls.run { [folder] in try body(folder) } } catch let error as SystemCallError {
      throw TokyoDataError(error, object: object, store: name)
    } catch let error as TokyoDataError {
      throw error.adding(.init(store: name))
    }
  }
}

/// A file in the making.
actor LocalObjectUpload: ObjectUpload {
  private let key: ObjectKey
  private let store: LocalObjectStore
  private let path: String
  /// Nil once the upload is finished.
  private var file: PosixFile?

  init(key: ObjectKey, store: LocalObjectStore, file: PosixFile, path: String) {
    self.key = key
    self.store = store
    self.file = file
    self.path = path
  }

  deinit {
    if file != nil { _ = try? PosixFile.remove(path) }
  }

  func write(_ bytes: [UInt8]) async throws {
    let file = try open()
    try await store.run(key.name) { _ in try file.append(bytes) }
  }

  func commit() async throws {
    let file = try open()
    self.file = nil
    try await store.run(key.name) { [path, key] folder in try folder.publish(file, path, as: key) }
  }

  func abort() async {
    guard file != nil else { return }
    file = nil
    _ = try? await store.run(key.name) { [path, key] folder in
      try PosixFile.remove(path)
      try folder.removeEmptyDirectories(from: key.path.split(separator: "/").dropLast().map(String.init))
    }
  }

  private func open() throws(TokyoDataError) -> PosixFile {
    guard let file else {
      throw TokyoDataError(
        .invalidArgument, "\(key.name): the upload is finished", context: .init(store: store.name))
    }
    return file
  }
}

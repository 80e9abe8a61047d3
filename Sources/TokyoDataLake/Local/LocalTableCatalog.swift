public import TokyoDataCore

/// A catalog in a folder: `_catalog.json` in each dataset's folder, replaced as a whole.
///
/// It is for readers outside of TokyoData: its `current` names the folder of each day's current version, whose
/// `*.parquet` files are the day. Writers of several processes take turns.
public struct LocalTableCatalog: TableCatalog {
  /// `local`.
  public let name = "local"
  private let folder: LocalFolder
  private let layout: LakeLayout
  private let calls: BlockingCalls

  /// Makes a catalog of the lake in a folder, below the prefix of `layout`.
  ///
  /// - Parameters:
  ///   - folder: The folder's path, that of the lake's `LocalObjectStore`.
  ///   - layout: Where datasets lie in it.
  ///   - isDurable: Whether changes are on the disk before a call returns.
  /// - Throws: `TokyoDataError.invalidArgument` for an empty path.
  public init(folder: String, layout: LakeLayout, isDurable: Bool = true) throws(TokyoDataError) {
    self.folder = try LocalFolder(path: folder, isDurable: isDurable)
    self.layout = layout
    calls = BlockingCalls(width: 1)
  }

  /// Adds partitions to the document of the dataset.
  public func add(_ partitions: [CatalogPartition], of dataset: Dataset) async throws {
    try await change(dataset) { document in
      var known: [VersionID: CatalogPartition] = [:]
      for partition in document.partitions { known[partition.version] = partition }
      for partition in partitions {
        if let there = known[partition.version] {
          guard there == partition else {
            throw TokyoDataError(
              .conflict, "the catalog has another partition of version \(partition.version)",
              context: .init(day: partition.day))
          }
          continue
        }
        known[partition.version] = partition
      }
      document.partitions = known.values.sorted(by: CatalogPartition.inOrder)
    }
  }

  /// Reads partitions back from the file.
  public func partitions(
    of versions: [VersionRecord], in dataset: Dataset
  ) async throws -> [CatalogPartition] {
    let wanted = Set(versions.map(\.id))
    return try await document(of: dataset)?.partitions.filter { wanted.contains($0.version) } ?? []
  }

  /// Removes partitions, also from the current ones.
  public func remove(_ versions: [VersionRecord], of dataset: Dataset) async throws {
    let removed = Set(versions.map(\.id))
    try await change(dataset) { document in
      document.partitions.removeAll { removed.contains($0.version) }
      document.current.removeAll { removed.contains($0.version) }
    }
  }

  /// Replaces the current versions.
  public func show(_ current: [VersionRecord], of dataset: Dataset) async throws {
    try await change(dataset) { document in
      document.current = current.map { LocalCatalogDocument.Current($0, of: dataset) }.sorted()
    }
  }

  /// The current versions, by day.
  public func shown(of dataset: Dataset) async throws -> [VersionID] {
    try await document(of: dataset)?.current.map(\.version) ?? []
  }

  /// Compares the file with what it should say.
  public func findings(
    on dataset: Dataset, expecting content: CatalogContent
  ) async throws -> [CatalogFinding] {
    guard let document = try await document(of: dataset) else {
      return content.versions.isEmpty ? [] : [CatalogFinding(.missingTable, "the catalog's file is missing")]
    }
    return document.findings(on: dataset, expecting: content)
  }

  /// Writes what the file should say.
  public func repair(_ dataset: Dataset, to content: CatalogContent) async throws {
    try await change(dataset) { document in
      let kept = document.partitions.filter { content.underway.contains($0.version) }
      document.partitions = (content.versions.map { CatalogPartition($0, of: dataset) } + kept)
        .sorted(by: CatalogPartition.inOrder)
      document.current = content.current.map { LocalCatalogDocument.Current($0, of: dataset) }.sorted()
    }
  }

  /// Removes the file.
  public func drop(_ dataset: Dataset) async throws {
    let path = folder.path(of: try key(of: dataset))
    try await run(dataset) { _ = try PosixFile.remove(path) }
  }

  private func document(of dataset: Dataset) async throws -> LocalCatalogDocument? {
    let key = try key(of: dataset)
    return try await run(dataset) { try read(key) }
  }

  /// Changes a dataset's document under the lock of its folder.
  private func change(
    _ dataset: Dataset, _ change: @escaping @Sendable (inout LocalCatalogDocument) throws -> Void
  ) async throws {
    let key = try key(of: dataset)
    try await run(dataset) {
      let (file, path) = try folder.unfinished(for: key)
      do {
        // The folder itself is the lock, so that no file stays behind for it. The unfinished file keeps
        // everyone from removing the folder meanwhile.
        let lock = try PosixFile.directory(folder.directory(of: key))
        try lock.lock()
        defer { withExtendedLifetime(lock) {} }
        let before = try read(key)
        var document = before ?? LocalCatalogDocument(dataset)
        try change(&document)
        document.describe(dataset)
        guard document != before else {
          try PosixFile.remove(path)
          return
        }
        try file.append(try JSONDocument.encode(document))
        try folder.replace(file, path, as: key)
      } catch {
        _ = try? PosixFile.remove(path)
        throw error
      }
    }
  }

  private func read(_ key: ObjectKey) throws -> LocalCatalogDocument? {
    let file: PosixFile
    do throws(SystemCallError) { file = try PosixFile.reading(folder.path(of: key)) } catch {
      if error.number == PosixFile.notFound { return nil }
      throw error
    }
    let bytes = try file.read(0..<(file.size() ?? 0))
    return try JSONDocument.decode(LocalCatalogDocument.self, from: bytes, what: "the local catalog")
  }

  private func key(of dataset: Dataset) throws(TokyoDataError) -> ObjectKey {
    try ObjectKey(layout.folder(of: dataset.name) + LakeLayout.catalogName)
  }

  private func run<Result: Sendable>(
    _ dataset: Dataset, _ body: @escaping @Sendable () throws -> Result
  ) async throws -> Result {
    do { return try await calls.run(body) } catch let error as SystemCallError {
      throw TokyoDataError(error, object: LakeLayout.catalogName, store: "catalog")
        .adding(.init(dataset: dataset.name))
    } catch let error as TokyoDataError {
      throw error.adding(.init(store: "catalog", dataset: dataset.name))
    }
  }
}

public import TokyoDataCore

extension Lake {
  /// A lake in a folder of this machine, with its catalog beside the files.
  ///
  /// - Parameters:
  ///   - folder: The folder's path; it comes into being with the first object.
  ///   - isDurable: Whether what is written is on the disk before a call returns.
  /// - Throws: `TokyoDataError.invalidArgument` for an empty path.
  public static func local(folder: String, isDurable: Bool = true) throws(TokyoDataError) -> Lake {
    let layout = try LakeLayout()
    return Lake(
      try LocalObjectStore(folder: folder, isDurable: isDurable),
      try LocalTableCatalog(folder: folder, layout: layout, isDurable: isDurable), layout: layout)
  }

  /// The record of a new version, for the ledger to keep before its first byte is written.
  ///
  /// - Parameters:
  ///   - dataset: The dataset.
  ///   - day: Its day; for an undated dataset the day under which the ledger keeps it.
  ///   - id: The version's id, fresh.
  ///   - snapshot: The snapshot in which the rows will be read.
  ///   - exportedAt: The instant of that snapshot.
  public func newVersion(
    of dataset: Dataset, day: Day, id: VersionID, snapshot: String, exportedAt: Timestamp
  ) -> VersionRecord {
    VersionRecord(
      id: id, day: day, location: layout.location(of: id, day: day, in: dataset),
      schemaFingerprint: dataset.schemaFingerprint, snapshot: snapshot, exportedAt: exportedAt)
  }

  /// Reads the manifest of a version.
  ///
  /// - Throws: `TokyoDataError.notFound` naming the version where the lake does not have it, `.invalidData`
  ///   for a manifest that cannot be read or is another version's, `.unsupported` for a higher format.
  public func manifest(of record: VersionRecord, in dataset: DatasetName) async throws -> Manifest {
    try await readManifest(of: record, in: dataset).manifest
  }

  /// The manifest and its size in bytes.
  func readManifest(
    of record: VersionRecord, in dataset: DatasetName
  ) async throws -> (manifest: Manifest, bytes: Int) {
    let context = TokyoDataError.Context(store: "lake", dataset: dataset, day: record.day)
    do {
      let bytes = try await objects.get(layout.key(LakeLayout.manifestName, in: record.location))
      let manifest = try JSONDocument.decode(
        Manifest.self, from: bytes, what: "the manifest of version \(record.id)")
      guard manifest.version == record.id, manifest.dataset == dataset else {
        throw TokyoDataError(
          .invalidData, "the manifest in the folder of version \(record.id) is that of another version")
      }
      return (manifest, bytes.count)
    } catch let error as TokyoDataError {
      guard error.code == .notFound else { throw error.adding(context) }
      throw TokyoDataError(
        .notFound, "the lake does not have version \(record.id)", context: context, cause: error)
    }
  }

  /// Deletes what a condemned version left: its partition, its manifest, its files, its unfinished uploads.
  ///
  /// It may be repeated, and a killed deletion is finished by the next: everything is found by the version's
  /// folder, which the ledger keeps. The partition goes first, so that no engine finds files that are going.
  /// The manifest goes before the files, so that at every moment a manifest means that the version is whole:
  /// what is left of a half-deleted version looks like one that was never finished.
  ///
  /// - Throws: the first error of an object that is still there.
  public func delete(_ record: VersionRecord, of dataset: Dataset) async throws {
    let context = TokyoDataError.Context(store: "lake", dataset: dataset.name, day: record.day)
    do {
      try await catalog.remove([record], of: dataset)
      let folder = try layout.folder(record.location)
      try await remove([layout.key(LakeLayout.manifestName, in: record.location)])
      try await objects.abortUploads(prefix: folder)
      try await remove(objects.list(prefix: folder).map(\.key))
    } catch let error as TokyoDataError {
      throw error.adding(context)
    }
  }

  /// The objects in a dataset's folder that belong to none of the versions, nor to the catalog.
  ///
  /// - Parameters:
  ///   - dataset: The dataset.
  ///   - versions: The ledger's versions, also those that are condemned; those already collected own nothing.
  public func unreferencedObjects(
    of dataset: DatasetName, versions: [VersionRecord]
  ) async throws -> [StoredObject] {
    let root = layout.folder(of: dataset)
    let folders = Set(try versions.filter { $0.collectedAt == nil }.map { try layout.folder($0.location) })
    var unreferenced: [StoredObject] = []
    try await objects.list(prefix: root) { page in
      unreferenced += page.filter { object in
        let folder = object.key.path.dropLast(object.key.name.count)
        return !folders.contains(String(folder)) && object.key.path != root + LakeLayout.catalogName
      }
    }
    return unreferenced
  }

  private func remove(_ keys: [ObjectKey]) async throws {
    for deletion in try await objects.delete(keys) {
      if let error = deletion.error { throw error }
    }
  }
}

internal import TokyoDataCore
internal import TokyoDataLake

extension LakeTable {
  /// What names the partition of a version in this table.
  func values(of version: VersionID, day: Day) -> [String] {
    let all = LakeLayout.partitionValues(of: version, day: day, in: dataset).map(\.value)
    return role == .versions ? all : Array(all.dropLast())
  }

  /// A version's partition as Glue has it.
  ///
  /// - Parameter columns: What the files hold; those of the dataset as it is now, if not known.
  func partition(_ partition: CatalogPartition, columns: [GlueColumn]? = nil) -> GluePartition {
    GluePartition(
      values: values(of: partition.version, day: partition.day ?? Dataset.undatedUnit),
      storageDescriptor: storage(
        columns: columns ?? self.columns, location: location(of: partition)),
      parameters: [
        GlueParameter.version: partition.version.description,
        GlueParameter.fingerprint: partition.schemaFingerprint,
      ])
  }

  /// The folder of a version; the slash at its end keeps out folders whose names begin alike.
  func location(of partition: CatalogPartition) -> String { root + partition.location + "/" }

  /// What a partition of this table says; nil for one that no version of ours can have.
  func catalogPartition(_ found: GluePartition) -> CatalogPartition? {
    guard let version = version(of: found) else { return nil }
    var day: Day?
    if dataset.isDated {
      day = self.day(of: found)
      guard day != nil else { return nil }
    }
    return CatalogPartition(
      version: version, day: day, location: relative(found.storageDescriptor?.location ?? ""),
      schemaFingerprint: found.parameters?[GlueParameter.fingerprint] ?? "")
  }

  private func version(of found: GluePartition) -> VersionID? {
    let text = role == .versions ? found.values.last : found.parameters?[GlueParameter.version]
    return text.flatMap(VersionID.init)
  }

  /// The day that a partition's first three values are.
  func day(of found: GluePartition) -> Day? {
    guard found.values.count == partitionColumns.count else { return nil }
    let numbers = found.values.prefix(3).compactMap { Int($0) }
    guard numbers.count == 3 else { return nil }
    return Day(year: numbers[0], month: numbers[1], day: numbers[2])
  }

  /// A place as it lies in the lake; one outside of it stays whole, so that it equals none of ours.
  func relative(_ location: String) -> String {
    guard location.hasPrefix(root) else { return location }
    let inside = location.dropFirst(root.count)
    return String(inside.hasSuffix("/") ? inside.dropLast() : inside)
  }
}

internal import TokyoDataLake

extension ETL {
  /// Lets an export pass whose columns go with those of the days that only the lake holds.
  ///
  /// What hot still holds is exported anew under another schema; what it does not stays as it was written.
  ///
  /// - Throws: `TokyoDataError.unsupported` with the reasons, naming the day, before a table in the catalog
  ///   gets columns by which engines would read that day wrongly.
  func requireReadableCopies(of dataset: Dataset) async throws {
    let coverage = try await ledger.coverage(of: dataset.name)
    var known: Set<String> = [dataset.schemaFingerprint]
    for day in coverage.days.keys.sorted() where coverage.state(of: day) == .cold {
      guard let copy = coverage.version(of: day), known.insert(copy.schemaFingerprint).inserted else {
        continue
      }
      let manifest = try await lake.manifest(of: copy, in: dataset.name)
      do throws(TokyoDataError) {
        try SchemaEvolution(from: manifest.schema, to: dataset.schema).validate()
      } catch {
        throw error.adding(.init(dataset: dataset.name, day: day))
      }
    }
  }
}

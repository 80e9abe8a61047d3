import Synchronization
import TokyoDataLake

/// A catalog in memory with one deliberate fault, to see that the contract's cases find it.
final class BrokenTableCatalog: TableCatalog {
  enum Fault: CaseIterable {
    case none
    case losesLocations, invents, addsTwice, refusesTheSame, replaces, mixesDatasets, keepsRemoved
    case failsOnAbsent, addsToShown, showsUnordered, forgetsOnShow, showsRemoved
    case findsTooMuch, findsNothing, repairsNothing, keepsDropped
  }

  private struct Table {
    var partitions: [CatalogPartition] = []
    var shown: [VersionRecord] = []
  }

  let name = "broken"
  private let fault: Fault
  private let tables = Mutex<[String: Table]>([:])

  init(_ fault: Fault) { self.fault = fault }

  func add(_ partitions: [CatalogPartition], of dataset: Dataset) async throws {
    try change(dataset) { table in
      for var partition in partitions {
        let there = table.partitions.first { $0.version == partition.version }
        if fault == .refusesTheSame, there != nil { throw TokyoDataError(.invalidData, "there already") }
        if let there, fault != .addsTwice {
          guard there != partition else { continue }
          guard fault == .replaces else { throw TokyoDataError(.conflict, "another one") }
          table.partitions.removeAll { $0.version == partition.version }
        }
        if fault == .losesLocations { partition.location = "" }
        table.partitions.append(partition)
      }
    }
  }

  func partitions(of versions: [VersionRecord], in dataset: Dataset) async throws -> [CatalogPartition] {
    try change(dataset) { table in
      versions.flatMap { record in
        let found = table.partitions.filter { $0.version == record.id }
        return found.isEmpty && fault == .invents ? [CatalogPartition(record, of: dataset)] : found
      }
    }
  }

  func remove(_ versions: [VersionRecord], of dataset: Dataset) async throws {
    let removed = Set(versions.map(\.id))
    try change(dataset) { table in
      let count = table.partitions.count
      if fault != .keepsRemoved { table.partitions.removeAll { removed.contains($0.version) } }
      if fault == .failsOnAbsent, table.partitions.count == count {
        throw TokyoDataError(.notFound, "absent")
      }
      if fault != .showsRemoved { table.shown.removeAll { removed.contains($0.id) } }
    }
  }

  func show(_ current: [VersionRecord], of dataset: Dataset) async throws {
    try change(dataset) { table in
      table.shown = fault == .addsToShown ? table.shown + current : current
      if fault != .showsUnordered { table.shown.sort { $0.day < $1.day } }
      if fault == .forgetsOnShow {
        table.partitions.removeAll { partition in !current.contains { $0.id == partition.version } }
      }
    }
  }

  func shown(of dataset: Dataset) async throws -> [VersionID] {
    try change(dataset) { $0.shown.map(\.id) }
  }

  func findings(
    on dataset: Dataset, expecting content: CatalogContent
  ) async throws -> [CatalogFinding] {
    guard fault != .findsNothing else { return [] }
    return try change(dataset) { table in
      let (there, wanted) = (Set(table.partitions.map(\.version)), Set(content.versions.map(\.id)))
      let (shown, current) = (Set(table.shown.map(\.id)), Set(content.current.map(\.id)))
      let differences: [(CatalogFinding.Kind, Set<VersionID>)] = [
        (.missingPartition, wanted.subtracting(there)), (.extraPartition, there.subtracting(wanted)),
        (.notShown, current.subtracting(shown)), (.wronglyShown, shown.subtracting(current)),
        (.tableColumns, fault == .findsTooMuch && there == wanted ? wanted : []),
      ]
      return differences.flatMap { kind, versions in
        versions.map { CatalogFinding(kind, "of a test", version: $0) }
      }
    }
  }

  func repair(_ dataset: Dataset, to content: CatalogContent) async throws {
    guard fault != .repairsNothing else { return }
    try change(dataset) { table in
      table.partitions = content.versions.map { CatalogPartition($0, of: dataset) }
      table.shown = content.current
    }
  }

  func drop(_ dataset: Dataset) async throws {
    try change(dataset) { table in if fault != .keepsDropped { table = Table() } }
  }

  private func change<Result>(_ dataset: Dataset, _ body: (inout Table) throws -> Result) throws -> Result {
    let name = fault == .mixesDatasets ? "all" : dataset.name.description
    return try tables.withLock { try body(&$0[name, default: Table()]) }
  }
}

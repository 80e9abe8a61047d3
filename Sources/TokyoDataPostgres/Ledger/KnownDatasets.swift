internal import Synchronization
internal import TokyoDataCore

/// What was last read of datasets, so that the next snapshot asks for less and decodes less.
///
/// Nothing of it is taken on trust. A definition is the known one where the ledger's text is the same; days and
/// versions are where the snapshot's own epoch is theirs, which is random and new with every change; and whoever goes
/// by a table looks whether the ledger still names it, and forgets it otherwise: it may get another name.
final class KnownDatasets: Sendable {
  private struct Known {
    var definition: (text: String, dataset: Dataset)?
    var table: QualifiedName?
    var coverage: Coverage?
  }

  private static let limit = 256
  private let known = Mutex<[DatasetName: Known]>([:])

  /// The tables in the order of the names, if all of them are known.
  func tables(of names: [DatasetName]) -> [QualifiedName]? {
    known.withLock { known in
      let tables = names.compactMap { known[$0]?.table }
      return tables.count == names.count ? tables : nil
    }
  }

  func keep(_ tables: [QualifiedName], of names: [DatasetName]) {
    for (name, table) in zip(names, tables) { change(name) { $0.table = table } }
  }

  func forgetTables(of names: [DatasetName]) {
    for name in names { change(name) { $0.table = nil } }
  }

  /// The dataset that a definition's text stands for.
  ///
  /// - Throws: `TokyoDataError.invalidData` for a text that is none.
  func dataset(_ name: DatasetName, definedBy text: String) throws -> Dataset {
    if let last = known.withLock({ $0[name]?.definition }), last.text == text { return last.dataset }
    let dataset = try LedgerText.decode(Dataset.self, from: text)
    change(name) { $0.definition = (text, dataset) }
    return dataset
  }

  func coverage(of name: DatasetName) -> Coverage? { known.withLock { $0[name]?.coverage } }

  func keep(_ coverage: Coverage, of name: DatasetName) { change(name) { $0.coverage = coverage } }

  private func change(_ name: DatasetName, _ body: (inout Known) -> Void) {
    known.withLock { known in
      if known.count >= Self.limit, known[name] == nil { known.removeAll() }
      body(&known[name, default: Known()])
    }
  }
}

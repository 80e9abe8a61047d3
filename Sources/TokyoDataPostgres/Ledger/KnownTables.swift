internal import Synchronization
internal import TokyoDataCore

/// The tables of datasets, once they were asked for: a dataset is installed on one table for good.
///
/// Whoever goes by it looks whether the ledger still says so, and forgets it otherwise: a table may get another name.
final class KnownTables: Sendable {
  private static let limit = 256
  private let known = Mutex<[DatasetName: QualifiedName]>([:])

  /// The tables in the order of the names, if all of them are known.
  func tables(of names: [DatasetName]) -> [QualifiedName]? {
    known.withLock { known in
      let tables = names.compactMap { known[$0] }
      return tables.count == names.count ? tables : nil
    }
  }

  func keep(_ tables: [QualifiedName], of names: [DatasetName]) {
    known.withLock { known in
      if known.count + names.count > Self.limit { known.removeAll() }
      for (name, table) in zip(names, tables) { known[name] = table }
    }
  }

  func forget(_ names: [DatasetName]) {
    known.withLock { known in
      for name in names { known[name] = nil }
    }
  }
}

internal import Synchronization
internal import TokyoDataCore

/// A dataset and its table, as a typed write needs them.
struct WriteTarget: Sendable {
  let dataset: Dataset
  let table: SourceTable

  /// Asks the server.
  ///
  /// - Throws: `TokyoDataError.unknownDataset`, `.notFound`, or what `TableDescription.source` throws.
  init(of name: DatasetName, in session: some PostgresSession) async throws {
    let (dataset, table) = try await LedgerReading(session: session).dataset(name)
    self.dataset = dataset
    self.table = try await TableDescription(table, in: session).source(of: dataset)
  }
}

/// What the typed writes of a store know of datasets and tables, so that a write asks for nothing first.
///
/// It may be out of date. The server then refuses the write, or finds no row for it, which is told from a row
/// that is not there by the definition.
final class WriteTargets: Sendable {
  private static let limit = 256
  private let known = Mutex<[DatasetName: WriteTarget]>([:])

  func target(of name: DatasetName) -> WriteTarget? { known.withLock { $0[name] } }

  func keep(_ targets: [DatasetName: WriteTarget]) {
    known.withLock { known in
      if known.count + targets.count > Self.limit { known.removeAll() }
      known.merge(targets) { _, new in new }
    }
  }

  func forget(_ name: DatasetName) { known.withLock { $0[name] = nil } }

  /// Why a write was given up that went by a definition that is no longer the dataset's.
  private struct OutOfDate: Error {}

  static var outOfDate: TokyoDataError {
    TokyoDataError(
      .conflict, "the dataset was installed anew while the transaction ran: try again", cause: OutOfDate())
  }

  /// The write was found impossible before anything of it was sent.
  static func isUnsent(_ error: any Error) -> Bool {
    if error is ColumnError { return true }
    let code = (error as? TokyoDataError)?.code
    return code == .unknownColumn || code == .unsupported
  }

  /// The write may have failed because what it went by was out of date.
  static func isDoubted(by error: any Error) -> Bool {
    if (error as? TokyoDataError)?.cause is OutOfDate { return true }
    if (error as? PostgresError)?.code == .unsupportedType { return true }
    guard let state = PostgresServerError(in: error)?.sqlState else { return false }
    return switch state {
    case .insufficientPrivilege: false
    // A column's type may be wider by now, or another, or the column gone.
    case .featureNotSupported, SQLState.Class.dataException, SQLState.Class.syntaxErrorOrAccessRuleViolation:
      true
    default: false
    }
  }
}

/// The same in one transaction, of whose own changes to tables nobody else may know before it commits.
final class TransactionTargets: Sendable {
  private struct State {
    var fresh: [DatasetName: WriteTarget] = [:]
    var isUntouched = true
  }

  /// The transaction's level.
  let level: PostgresTransactionLevel
  private let shared: WriteTargets
  private let state = Mutex(State())

  init(_ shared: WriteTargets, _ level: PostgresTransactionLevel) {
    self.shared = shared
    self.level = level
  }

  /// Notes that the transaction does something.
  ///
  /// - Returns: it is the first that it does.
  @discardableResult
  func touch() -> Bool {
    state.withLock { state in
      defer { state.isUntouched = false }
      return state.isUntouched
    }
  }

  func target(of name: DatasetName) -> WriteTarget? {
    state.withLock { $0.fresh[name] } ?? shared.target(of: name)
  }

  func keep(_ target: WriteTarget) { state.withLock { $0.fresh[target.dataset.name] = target } }

  func forget(_ name: DatasetName) {
    state.withLock { $0.fresh[name] = nil }
    shared.forget(name)
  }

  /// The transaction has committed.
  func share() {
    let fresh = state.withLock { $0.fresh }
    if !fresh.isEmpty { shared.keep(fresh) }
  }
}

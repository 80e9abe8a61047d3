internal import CLibPQ

/// Owns one `PGresult`: what the server answered to one command, or one row of it.
struct ServerResult: ~Copyable {
  enum Kind {
    /// A command without rows is done.
    case done
    /// Rows: all of a result, or its end in single-row mode.
    case rows
    /// One row in single-row mode.
    case singleRow
    case copyOut
    case copyIn
    case failed
    /// A group of commands in a pipeline is over.
    case groupEnd
    /// A command was not run because one of its group had failed.
    case skipped
  }

  /// A column as the server describes it.
  struct Column: Hashable, Sendable {
    var name: String
    var type: PostgresType
    var modifier: Int32
  }

  private let result: OpaquePointer

  init(owning result: OpaquePointer) {
    self.result = result
  }

  deinit { PQclear(result) }

  var kind: Kind {
    switch PQresultStatus(result) {
    case PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: .done
    case PGRES_TUPLES_OK: .rows
    case PGRES_SINGLE_TUPLE: .singleRow
    case PGRES_COPY_OUT: .copyOut
    case PGRES_COPY_IN: .copyIn
    case PGRES_PIPELINE_SYNC: .groupEnd
    case PGRES_PIPELINE_ABORTED: .skipped
    default: .failed
    }
  }

  var rowCount: Int { Int(PQntuples(result)) }
  var columnCount: Int { Int(PQnfields(result)) }

  /// The columns of a description or of rows.
  var columns: [Column] {
    (0..<PQnfields(result)).map { index in
      Column(
        name: PQfname(result, index).map { String(cString: $0) } ?? "",
        type: PostgresType(oid: PQftype(result, index)), modifier: PQfmod(result, index))
    }
  }

  /// The columns are those of a description.
  func has(_ described: [Column]) -> Bool {
    guard columnCount == described.count else { return false }
    for (index, column) in described.enumerated() {
      let index = Int32(truncatingIfNeeded: index)
      guard PQftype(result, index) == column.type.oid, PQfmod(result, index) == column.modifier else {
        return false
      }
    }
    return true
  }

  /// The column's values are in binary.
  func isBinary(column: Int) -> Bool { PQfformat(result, Int32(column)) == 1 }

  /// Lends a field's bytes, nil for NULL; valid while the result lives.
  func field(row: Int, column: Int) -> UnsafeRawBufferPointer? {
    let (row, column) = (Int32(row), Int32(column))
    guard PQgetisnull(result, row, column) == 0, let bytes = PQgetvalue(result, row, column) else {
      return nil
    }
    return UnsafeRawBufferPointer(start: bytes, count: Int(PQgetlength(result, row, column)))
  }

  /// What the command did, such as `COMMIT`.
  var commandTag: String { PQcmdStatus(result).map { String(cString: $0) } ?? "" }

  /// The rows that the command changed or returned; 0 for commands that count none.
  var affectedRows: Int { PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0 }

  /// The error of a failed result, or nil where the result carries none (libpq's own failures).
  var serverError: PostgresServerError? {
    guard let state = text(.sqlState) else { return nil }
    var error = PostgresServerError(
      sqlState: SQLState(rawValue: state),
      severity: text(.severity) ?? text(.localizedSeverity) ?? "ERROR",
      message: text(.message) ?? "")
    error.detail = text(.detail)
    error.hint = text(.hint)
    error.schema = text(.schema)
    error.table = text(.table)
    error.column = text(.column)
    error.constraint = text(.constraint)
    return error
  }

  /// Libpq's text for a failed result.
  var clientMessage: PostgresClientMessage {
    PostgresClientMessage(text: PQresultErrorMessage(result).map { String(cString: $0) } ?? "")
  }

  private func text(_ field: DiagnosticField) -> String? {
    PQresultErrorField(result, Int32(field.rawValue.value)).map { String(cString: $0) }
  }
}

/// The one-letter codes of `postgres_ext.h` (`PG_DIAG_…`), whose character macros Swift does not import.
private struct DiagnosticField {
  let rawValue: Unicode.Scalar

  static let localizedSeverity = DiagnosticField(rawValue: "S")
  static let severity = DiagnosticField(rawValue: "V")
  static let sqlState = DiagnosticField(rawValue: "C")
  static let message = DiagnosticField(rawValue: "M")
  static let detail = DiagnosticField(rawValue: "D")
  static let hint = DiagnosticField(rawValue: "H")
  static let schema = DiagnosticField(rawValue: "s")
  static let table = DiagnosticField(rawValue: "t")
  static let column = DiagnosticField(rawValue: "c")
  static let constraint = DiagnosticField(rawValue: "n")
}

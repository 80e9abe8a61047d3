internal import TokyoDataCore

/// What a server's `pg_type` says of types that are not built in, asked for as far as it is needed.
struct TypeCatalog {
  private struct Entry {
    /// The function that gives the binary form.
    var send: String
    var element: PostgresType
    /// The type below a domain.
    var base: PostgresType
    var fields: [PostgresType]
  }

  /// No sensible type is deeper; where one goes on, it is not known.
  private static let maximumDepth = 16

  private var entries: [PostgresType: Entry] = [:]

  /// Of these types and all within them, those that are still to be asked for.
  func missing(of types: [PostgresType]) -> [PostgresType] {
    var missing: [PostgresType] = []
    var seen: Set<PostgresType> = []
    var open = types
    while let type = open.popLast() {
      guard type != .inferred, WireType(type) == nil, seen.insert(type).inserted else { continue }
      if let entry = entries[type] {
        open += entry.fields + [entry.element, entry.base]
      } else {
        missing.append(type)
      }
    }
    return missing
  }

  /// The statement that describes types.
  static func statement(describing types: [PostgresType]) -> PostgresStatement {
    """
    SELECT t.oid::int8 AS oid, p.proname::text AS send, t.typelem::int8 AS element,
      t.typbasetype::int8 AS base, ARRAY(
        SELECT a.atttypid::int8 FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum) AS fields
    FROM pg_catalog.pg_type t JOIN pg_catalog.pg_proc p ON p.oid = t.typsend::oid
    WHERE t.oid = ANY(\(types.map { Int64($0.oid) })::int8[]::oid[])
    """
  }

  /// Takes in the statement's rows; types that it gave none for stay unknown.
  mutating func add(_ rows: ColumnBatch, asked types: [PostgresType]) {
    for type in types {
      entries[type] = Entry(send: "", element: .inferred, base: .inferred, fields: [])
    }
    for row in 0..<rows.rowCount {
      func type(_ value: ColumnValue) -> PostgresType {
        guard case .int(let oid) = value else { return .inferred }
        return PostgresType(oid: UInt32(truncatingIfNeeded: oid))
      }
      let values = rows.row(row)
      let fields = if case .list(let types) = values[4] { types.map(type) } else { [PostgresType]() }
      entries[type(values[0])] = Entry(
        send: rows.columns[1].text(row), element: type(values[2]), base: type(values[3]), fields: fields)
    }
  }

  /// What is known of a type.
  func wireType(_ type: PostgresType, depth: Int = 0) -> WireType {
    if let builtIn = WireType(type) { return builtIn }
    guard depth < Self.maximumDepth, let entry = entries[type] else {
      return WireType(type: type, form: .unknown)
    }
    let form: WireType.Form
    if entry.base != .inferred {
      form = wireType(entry.base, depth: depth + 1).form
    } else {
      switch entry.send {
      case "enum_send", "textsend", "varcharsend", "bpcharsend", "citextsend", "xml_send": form = .text
      case "hstore_send": form = .hstore
      case "array_send": form = .array(element: wireType(entry.element, depth: depth + 1))
      case "record_send": form = .record(entry.fields.map { wireType($0, depth: depth + 1) })
      default: form = .unknown
      }
    }
    return WireType(type: type, form: form)
  }
}

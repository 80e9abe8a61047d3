/// One row of a batch, read by column name; columns are looked up once a batch.
public struct RowReader {
  /// The batch.
  public var batch: ColumnBatch { names.batch }
  /// The row's position in its batch, from 0.
  public internal(set) var row: Int
  let names: ColumnNames

  init(_ batch: ColumnBatch, row: Int = 0) {
    names = ColumnNames(batch)
    self.row = row
  }

  /// The value of a column, found by its exact name or else by the only one that differs in case and
  /// underscores alone.
  ///
  /// - Throws: `TokyoDataError.unknownColumn`, or `.typeMismatch` naming column, row and types where the
  ///   value is not exactly one of the Swift type.
  public func value<Value: ColumnRepresentable>(
    _ column: String, as _: Value.Type = Value.self
  ) throws(TokyoDataError) -> Value {
    try value(at: names.requiredIndex(of: column), as: Value.self)
  }

  /// The value of the column at a position.
  func value<Value: ColumnRepresentable>(
    at index: Int, as _: Value.Type = Value.self
  ) throws(TokyoDataError) -> Value {
    let found = batch.columns[index][row]
    guard let value = Value(columnValue: found) else {
      throw mismatch(at: index, isNull: found.isNull, Value.self)
    }
    return value
  }

  /// What is wrong with a slot, without showing it.
  func mismatch(at index: Int, isNull: Bool, _ type: any Any.Type) -> TokyoDataError {
    let field = batch.schema.fields[index]
    return TokyoDataError(
      .typeMismatch,
      "\(isNull ? "a null" : "a value") of type \(field.type) \(place(of: index)) is no \(type)",
      context: .init(column: field.name))
  }

  /// Where a slot is, with the type that the database has there.
  func place(of index: Int) -> String {
    let source = batch.schema.sourceType(at: index).map { " (\($0) in the database)" } ?? ""
    return "at index \(index)\(source) in row \(row)"
  }

  /// Reads a type by its coding keys.
  ///
  /// - Throws: `TokyoDataError` naming column, row and types, or what the type's own decoding throws.
  public func decode<Value: Decodable>(_: Value.Type = Value.self) throws -> Value {
    try Value(from: RowDecoder(row: self))
  }
}

/// Finds the columns of a batch by the names that Swift code has for them.
///
/// A class so that what one row has looked up serves the next ones; it stays within one `decode` call.
final class ColumnNames {
  let batch: ColumnBatch
  private var known: [String: Int] = [:]
  private let folded: [String: [Int]]

  init(_ batch: ColumnBatch) {
    self.batch = batch
    folded = Dictionary(grouping: batch.schema.fields.indices) { Self.folded(batch.schema.fields[$0].name) }
  }

  /// The position of a column; nil where there is none or more than one it could be.
  func index(of name: String) -> Int? {
    if let index = known[name] { return index }
    var index = batch.schema.index(of: name)
    if index == nil, let candidates = folded[Self.folded(name)], candidates.count == 1 {
      index = candidates[0]
    }
    known[name] = index
    return index
  }

  func requiredIndex(of name: String) throws(TokyoDataError) -> Int {
    guard let index = index(of: name) else {
      let candidates = folded[Self.folded(name)]?.count ?? 0
      throw TokyoDataError(
        .unknownColumn,
        candidates > 1
          ? "\(candidates) columns differ from it in case and underscores only" : "no such column",
        context: .init(column: name))
    }
    return index
  }

  private static func folded(_ name: String) -> String { name.lowercased().filter { $0 != "_" } }
}

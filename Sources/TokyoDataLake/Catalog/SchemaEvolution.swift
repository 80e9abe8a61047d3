public import TokyoDataCore

/// What changes between a dataset as its old days were written and as it is to be.
///
/// Old files and their partitions stay as they are. A change is allowed where they read rightly by name under
/// the new table, which is Athena's default. Tables set to read by index are right only without a microsecond
/// twin: it follows the dataset's own columns, so an added column takes its place in old files.
public struct SchemaEvolution: Hashable, Sendable {
  /// The changes: what concerns the days, then the columns, in their order.
  public let changes: [SchemaChange]

  /// Compares two definitions of a dataset.
  public init(from old: Dataset, to new: Dataset) {
    var changes: [SchemaChange] = []
    if old.timeColumn != new.timeColumn {
      changes.append(.timeColumn(from: old.timeColumn, to: new.timeColumn))
    }
    if old.policy.timeZone != new.policy.timeZone { changes.append(.timeZone) }
    if old.policy.partitionColumns != new.policy.partitionColumns { changes.append(.partitionColumns) }
    self.changes = changes + Self.changes(from: old.schema, to: new.schema)
  }

  /// Compares the columns of files that are written with those of a dataset.
  public init(from old: ColumnSchema, to new: ColumnSchema) {
    changes = Self.changes(from: old, to: new)
  }

  /// The changes after which old days would be read wrongly.
  public var refused: [SchemaChange] { changes.filter { $0.refusal != nil } }

  /// Lets allowed changes pass.
  ///
  /// - Throws: `TokyoDataError.unsupported` with the reason of every refused change.
  public func validate() throws(TokyoDataError) {
    let reasons = refused.compactMap(\.refusal)
    guard reasons.isEmpty else { throw TokyoDataError(.unsupported, reasons.joined(separator: "; ")) }
  }

  private static func changes(from old: ColumnSchema, to new: ColumnSchema) -> [SchemaChange] {
    var changes: [SchemaChange] = []
    var successors: Set<String> = []
    for (place, field) in old.fields.enumerated() {
      if let index = new.index(of: field.name) {
        changes += self.changes(from: field, to: new.fields[index])
      } else if let successor = successor(of: field, at: place, old: old, new: new) {
        successors.insert(successor)
        changes.append(.renamed(field.name, to: successor))
      } else {
        changes.append(.dropped(field.name))
      }
    }
    changes += moves(from: old, to: new)
    for (place, field) in new.fields.enumerated()
    where old.index(of: field.name) == nil && !successors.contains(field.name) {
      if let next = new.fields[place...].first(where: { old.index(of: $0.name) != nil }) {
        changes.append(.inserted(field.name, before: next.name))
      } else if field.isNullable {
        changes.append(.added(field.name))
      } else {
        changes.append(.addedWithoutNulls(field.name))
      }
    }
    return changes
  }

  private static func changes(from old: ColumnField, to new: ColumnField) -> [SchemaChange] {
    var changes: [SchemaChange] = []
    if old.type != new.type { changes.append(.retyped(old.name, from: old.type, to: new.type)) }
    if old.isNullable != new.isNullable {
      changes.append(new.isNullable ? .becameNullable(old.name) : .becameRequired(old.name))
    }
    return changes
  }

  /// The new column that stands where an old one stood, if it can be the same one under another name.
  private static func successor(
    of field: ColumnField, at place: Int, old: ColumnSchema, new: ColumnSchema
  ) -> String? {
    guard place < new.fields.count else { return nil }
    let other = new.fields[place]
    return old.index(of: other.name) == nil && other.type == field.type ? other.name : nil
  }

  /// Columns that stay, where their order among themselves is another.
  private static func moves(from old: ColumnSchema, to new: ColumnSchema) -> [SchemaChange] {
    let before = old.fields.map(\.name).filter { new.index(of: $0) != nil }
    let after = new.fields.map(\.name).filter { old.index(of: $0) != nil }
    return zip(before, after).filter { $0 != $1 }.map { .moved($0.0) }
  }
}

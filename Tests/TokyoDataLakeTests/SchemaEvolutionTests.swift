import Testing
import TokyoDataCore
import TokyoDataLake

@Suite("SchemaEvolution")
struct SchemaEvolutionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let fields: [ColumnField]
    let changes: [SchemaChange]
    /// A part of the reason; nil where the change is allowed.
    let refusal: String?
  }

  static let id = ColumnField("id", .int32, isNullable: false)
  static let price = ColumnField("price", .decimal(precision: 9, scale: 2))
  static let note = ColumnField("note", .string)
  static let at = ColumnField("at", .timestamp, isNullable: false)
  static let rate = ColumnField("rate", .float)
  static let opens = ColumnField("opens", .time)
  static let seen = ColumnField("seen", .timestamp)
  static let old = [id, price, note, at, rate, opens, seen]

  static let cases = [
    Case(testDescription: "nothing", fields: old, changes: [], refusal: nil),
    Case(
      testDescription: "a nullable column at the end", fields: old + [ColumnField("tax", .int64)],
      changes: [.added("tax")], refusal: nil),
    Case(
      testDescription: "nulls allowed", fields: [id, price, note, at, rate, opens, seen].map(relaxed),
      changes: [.becameNullable("id")], refusal: nil),
    Case(
      testDescription: "a required column at the end",
      fields: old + [ColumnField("tax", .int64, isNullable: false)],
      changes: [.addedWithoutNulls("tax")], refusal: "a new column is nullable"),
    Case(
      testDescription: "a column in between",
      fields: [id, price, ColumnField("tax", .int64), note, at, rate, opens, seen],
      changes: [.inserted("tax", before: "note")], refusal: "by index"),
    Case(
      testDescription: "a dropped column", fields: [id, price, at, rate, opens, seen],
      changes: [.dropped("note")],
      refusal: "vanish"),
    Case(
      testDescription: "a renamed column",
      fields: [id, price, ColumnField("remark", .string), at, rate, opens, seen],
      changes: [.renamed("note", to: "remark")], refusal: "would be NULL"),
    Case(
      testDescription: "a name in other case",
      fields: [id, price, ColumnField("Note", .string), at, rate, opens, seen],
      changes: [.renamed("note", to: "Note")], refusal: "would be NULL"),
    Case(
      testDescription: "two columns swapped", fields: [id, note, price, at, rate, opens, seen],
      changes: [.moved("price"), .moved("note")], refusal: "another place"),
    Case(
      testDescription: "nulls no longer allowed",
      fields: [id, price, ColumnField("note", .string, isNullable: false), at, rate, opens, seen],
      changes: [.becameRequired("note")], refusal: "may hold nulls"),
    retyped("int to bigint", id, .int64, "skip rows"),
    retyped("bigint to smallint", id, .int16, "cannot read"),
    retyped("more digits", price, .decimal(precision: 38, scale: 2), "digits of a decimal"),
    retyped("other places", price, .decimal(precision: 9, scale: 3), "digits of a decimal"),
    retyped("float to double", rate, .double, "corrupt"),
    retyped("a time of day to its number", opens, .int64, "mean something else"),
    retyped("an instant to local time", seen, .localTimestamp, "mean something else"),
    retyped("text to bytes", note, .bytes, "cannot read"),
  ]

  static func relaxed(_ field: ColumnField) -> ColumnField {
    ColumnField(field.name, field.type, isNullable: field.name != "at")
  }

  static func retyped(_ name: String, _ field: ColumnField, _ type: ColumnType, _ refusal: String) -> Case {
    Case(
      testDescription: name,
      fields: old.map {
        $0 == field ? ColumnField(field.name, type, isNullable: field.isNullable) : $0
      },
      changes: [.retyped(field.name, from: field.type, to: type)], refusal: refusal)
  }

  func dataset(
    _ fields: [ColumnField], time: String? = "at", policy: DatasetPolicy = DatasetPolicy()
  ) throws -> Dataset {
    try Dataset(
      DatasetName("orders"), schema: ColumnSchema(fields), primaryKey: [], timeColumn: time, policy: policy)
  }

  @Test("a change is allowed, or refused with its reason", arguments: cases)
  func judges(_ change: Case) throws {
    let evolution = SchemaEvolution(from: try dataset(Self.old), to: try dataset(change.fields))
    #expect(evolution.changes == change.changes)
    guard let refusal = change.refusal else { return try evolution.validate() }
    let error = try #require(throws: TokyoDataError.self) { try evolution.validate() }
    #expect(error.code == .unsupported)
    #expect(error.message.contains(refusal))
  }

  @Test("old days keep what makes them days")
  func keepsDays() throws {
    let old = try dataset(Self.old)
    let columns = try PartitionColumns(year: "y", month: "m", day: "d")
    let evolutions = [
      SchemaEvolution(from: old, to: try dataset(Self.old, time: nil)),
      SchemaEvolution(from: old, to: try dataset(Self.old, policy: DatasetPolicy(timeZone: "Asia/Tokyo"))),
      SchemaEvolution(from: old, to: try dataset(Self.old, policy: DatasetPolicy(partitionColumns: columns))),
    ]
    #expect(
      evolutions.map(\.refused) == [[.timeColumn(from: "at", to: nil)], [.timeZone], [.partitionColumns]])
  }
}

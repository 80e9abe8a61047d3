import Testing
import TokyoDataCore

@Suite("Resolving queries")
struct ResolvedQueryTests {
  static func orders(zone: String? = nil) throws -> Dataset {
    try Dataset(
      DatasetName("orders"),
      schema: ColumnSchema([
        ColumnField("id", .int64, isNullable: false), ColumnField("region", .string, isNullable: false),
        ColumnField("amount", .decimal(12, 2)), ColumnField("deep", .decimal(38, 33)),
        ColumnField("count16", .int16), ColumnField("weight", .double), ColumnField("open", .bool),
        ColumnField("photo", .bytes), ColumnField("due", .date),
        ColumnField("placed", zone == nil ? .timestamp : .localTimestamp, isNullable: false),
      ]), primaryKey: ["id", "region"], timeColumn: "placed", policy: DatasetPolicy(timeZone: zone))
  }

  private static func resolve(_ change: (Query) -> Query) throws -> ResolvedQuery {
    try ResolvedQuery(change(Query(DatasetName("orders"))), for: orders())
  }

  @Test("a tier gives keys, the row count, and the states that aggregates need, none twice")
  func partialColumns() throws {
    let query = try Self.resolve {
      $0.group(by: .month, .column("region"))
        .select(.average("amount"), .sum("amount"), .count, .min("due"), Aggregate(.count("amount"), as: "c"))
    }
    #expect(
      query.partialColumns == [
        .key(.month), .key(.column("region")), .rowCount, .sum("amount"), .count("amount"), .minimum("due"),
      ])
    let types: [ColumnType] = [.date, .string, .int64, .decimal(38, 2), .int64, .date]
    #expect(query.partialSchema.fields.map(\.type) == types)
    let names = ["month", "region", "avg_amount", "sum_amount", "count", "min_due", "c"]
    #expect(query.resultSchema.fields.map(\.name) == names)
    #expect(query.resultSchema.fields[2].type == .decimal(38, 8))
    #expect(query.columnsRead == ["region", "amount", "due", "placed"])
  }

  @Test("a query for rows gives its values, then what it only sorts by, the key last")
  func rows() throws {
    let query = try Self.resolve { $0.select("amount").order(by: .descending("due"), "amount") }
    #expect(
      query.partialColumns
        == [.value("amount"), .value("due"), .value("id"), .value("region"), .value("placed")])
    #expect(query.resultSchema.fields.map(\.name) == ["amount"])
    #expect(query.sortKeys.map(\.column) == [1, 0, 2, 3, 4])
    #expect(query.sortKeys.map(\.isDescending) == [true, false, false, false, false])
    let all = try Self.resolve { $0 }
    #expect(all.resultSchema.fields.map(\.name) == all.dataset.schema.fields.map(\.name))
    #expect(all.sortKeys.isEmpty)
  }

  @Test("the time column is read where the range has an end")
  func timeColumn() throws {
    #expect(try Self.resolve { $0.select("amount") }.columnsRead == ["amount"])
    let range = TimeRange(from: Timestamp(microsecondsSince1970: 0))
    #expect(try Self.resolve { $0.select("amount").time(in: range) }.columnsRead == ["amount", "placed"])
  }

  @Test(
    "literals take the type of what they meet",
    arguments: [
      ("amount", "1.5", .decimal(Decimal128("1.50")!)), ("amount", 2, .decimal(Decimal128("2.00")!)),
      ("amount", 0.1, .decimal(Decimal128("0.10")!)),
      (
        "amount", .decimal(Decimal128("1.234")!),
        .decimal(Decimal128("1.234")!)
      ),
      ("count16", 100_000, 100_000), ("count16", 2.0, 2), ("count16", 2.5, .decimal(Decimal128("2.5")!)),
      ("count16", 1e300, .double(1e300)),
      ("weight", 3, .double(3)), ("weight", "-Infinity", .double(-.infinity)),
      ("weight", .decimal(Decimal128("0.1")!), .double(0.1)),
      ("photo", "AQI=", .bytes([1, 2])), ("due", "2024-02-29", .date(Day("2024-02-29")!)),
      ("placed", "2024-02-29", .timestamp(Day("2024-02-29")!.start)),
      ("placed", "2024-02-29T01:00:00+01:00", .timestamp(Day("2024-02-29")!.start)),
      ("region", "x", "x"), ("open", true, true), ("open", nil, nil),
    ] as [(String, ColumnValue, ColumnValue)])
  func literals(column: String, literal: ColumnValue, expected: ColumnValue) throws {
    let query = try Self.resolve { $0.filter(.column(column, .less, literal)) }
    guard case .compare(_, _, .literal(let found)) = query.filter else {
      Issue.record("the filter changed its form")
      return
    }
    #expect(found == expected)
    #expect(found.text == expected.text, "the scale counts too")
  }

  struct Refusal: Sendable {
    let code: TokyoDataError.Code
    let column: String?
    let change: @Sendable (Query) -> Query

    init(_ code: TokyoDataError.Code, _ column: String?, _ change: @escaping @Sendable (Query) -> Query) {
      self.code = code
      self.column = column
      self.change = change
    }
  }

  static let refusals: [Refusal] = [
    .init(.unknownColumn, "nope") { $0.filter(.column("nope", .equal, 1)) },
    .init(.typeMismatch, "count16") { $0.filter(.column("count16", .equal, "5")) },
    .init(.typeMismatch, "due") { $0.filter(.column("due", .equal, "29.2.2024")) },
    .init(.typeMismatch, "open") { $0.filter(.column("open", .equal, 1)) },
    .init(.typeMismatch, "photo") { $0.filter(.column("photo", .equal, "A")) },
    .init(.typeMismatch, "due") { $0.filter(.isIn("due", ["2024-01-01", 5])) },
    .init(.typeMismatch, "due") { $0.filter(.compare("due", .equal, "placed")) },
    .init(.typeMismatch, "amount") { $0.filter(.hasPrefix("amount", "1")) },
    .init(.typeMismatch, "region") { $0.filter(.compare(.add("region", .literal(1)), .equal, .literal(1))) },
    .init(.typeMismatch, "region") { $0.select(.sum("region")) },
    .init(.typeMismatch, "due") { $0.select(.average("due")) },
    .init(.typeMismatch, "open") { $0.select(.min("open")) },
    .init(.typeMismatch, "photo") { $0.select(.max("photo")) },
    .init(.unsupported, "deep") { $0.select(.average("deep")) },
    .init(.unsupported, "deep") { $0.select(Aggregate(.sum(.multiply("deep", "deep")))) },
    .init(.invalidArgument, "count") { $0.select(.count, .count) },
    .init(.invalidArgument, "id") { $0.select("id", "id") },
    .init(.invalidArgument, nil) { $0.select("id").select(.count) },
    .init(.unknownColumn, "nope") { $0.group(by: .column("nope")) },
    .init(.typeMismatch, "amount") { $0.group(by: .bucket(TimeBucket(.day, of: "amount"))) },
    .init(.unsupported, "placed") { $0.group(by: .bucket(TimeBucket(.day, in: "Asia/Tokyo"))) },
    .init(.unknownColumn, "amount") { $0.select(.count).order(by: "amount") },
    .init(.unknownColumn, "nope") { $0.order(by: "nope") },
    .init(.unknownColumn, "id") { $0.select(.count).having(.column("id", .equal, 1)) },
    .init(.invalidArgument, nil) { $0.having(.column("id", .equal, 1)) },
    .init(.invalidArgument, nil) { $0.limit(-1) },
  ]

  @Test("what a dataset does not have is refused, and the column named", arguments: refusals)
  func refused(refusal: Refusal) throws {
    let error = try #require(throws: TokyoDataError.self) { try Self.resolve(refusal.change) }
    #expect(error.code == refusal.code, "\(error)")
    #expect(error.context.column == refusal.column, "\(error)")
    #expect(error.context.dataset?.description == "orders")
  }

  @Test("a time range needs a time column, and a zone with UTC's days")
  func ranges() throws {
    let range = TimeRange(from: Timestamp(microsecondsSince1970: 0))
    let undated = try Dataset(
      DatasetName("orders"), schema: ColumnSchema([ColumnField("id", .int64, isNullable: false)]),
      primaryKey: ["id"], timeColumn: nil)
    let query = try Query(DatasetName("orders"))
    #expect(throws: TokyoDataError.self) { try ResolvedQuery(query.time(in: range), for: undated) }
    #expect(throws: Never.self) { try ResolvedQuery(query, for: undated) }
    #expect(throws: TokyoDataError.self) { try ResolvedQuery(query.group(by: .day), for: undated) }

    let tokyo = try Self.orders(zone: "Asia/Tokyo")
    let error = try #require(throws: TokyoDataError.self) {
      try ResolvedQuery(query.time(in: range), for: tokyo)
    }
    #expect(error.code == .unsupported)
    #expect(throws: Never.self) { try ResolvedQuery(query, for: tokyo) }
    #expect(throws: Never.self) { try ResolvedQuery(query.time(in: range), for: Self.orders(zone: "UTC")) }
  }

  @Test("a query for another dataset is refused")
  func otherDataset() throws {
    let query = try Query(DatasetName("others"))
    #expect(throws: TokyoDataError.self) { try ResolvedQuery(query, for: Self.orders()) }
  }

  @Test("expressions have the types that the documentation says")
  func types() throws {
    let query = try Self.resolve { $0 }
    #expect(try query.type(of: .add("count16", "count16")) == .int64)
    #expect(try query.type(of: .add("amount", "count16")) == .decimal(38, 2))
    #expect(try query.type(of: .multiply("amount", "amount")) == .decimal(38, 4))
    #expect(try query.type(of: .multiply("amount", "weight")) == .double)
    #expect(try query.type(of: .multiply("amount", .literal(0.5))) == .decimal(38, 4))
    #expect(try query.type(of: .subtract("count16", .literal(nil))) == .int64)
  }
}

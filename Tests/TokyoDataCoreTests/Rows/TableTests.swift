import Testing
import TokyoDataCore

struct Invoice: DatasetRow, Codable, Equatable {
  var id: Int64, customerID: Int64, status: String, amount: Decimal128, note: String?, issuedAt: Timestamp
  static let columns: [Column<Invoice>] = [
    .init("id", \.id), .init("customer_id", \.customerID), .init("status", \.status),
    .init("amount", \.amount, .decimal(12, 2)), .init("note", \.note), .init("issued_at", \.issuedAt),
  ]
}

/// Reads itself by hand and has an enum for a column.
struct Parcel: DatasetRow, Equatable {
  enum Size: String, ColumnRepresentable { case small, large }
  var id: Int32, size: Size, weight: Double?
  static let columns: [Column<Parcel>] = [
    .init("id", \.id), .init("size", \.size), .init("weight", \.weight),
  ]
  init(id: Int32, size: Size, weight: Double?) {
    self.id = id
    self.size = size
    self.weight = weight
  }
  init(reading row: RowReader) throws {
    id = try row.value("id")
    size = try row.value("size")
    weight = try row.value("weight")
  }
}

@Suite("Typed tables")
struct TableTests {
  private static func invoices() throws -> Table<Invoice> {
    try Table("invoices", of: Invoice.self, key: \.id, time: \.issuedAt)
  }

  private static let rows = [
    invoice(0, "paid", "0.00", nil), invoice(1, "open", "1.50", nil), invoice(2, "paid", "3.00", "x"),
  ]

  private static func invoice(_ id: Int64, _ status: String, _ amount: String, _ note: String?) -> Invoice {
    Invoice(
      id: id, customerID: 7, status: status, amount: Decimal128(amount) ?? 0, note: note,
      issuedAt: Timestamp(microsecondsSince1970: id * 1_000))
  }

  @Test("the columns of a row type make the dataset")
  func dataset() throws {
    let expected = try Dataset(
      DatasetName("invoices"),
      schema: ColumnSchema([
        ColumnField("id", .int64, isNullable: false), ColumnField("customer_id", .int64, isNullable: false),
        ColumnField("status", .string, isNullable: false),
        ColumnField("amount", .decimal(precision: 12, scale: 2), isNullable: false),
        ColumnField("note", .string), ColumnField("issued_at", .timestamp, isNullable: false),
      ]), primaryKey: ["id"], timeColumn: "issued_at")
    #expect(try Self.invoices().dataset == expected)
  }

  @Test("rows become a batch and come back, by coding keys that differ in case and underscores")
  func roundTrip() throws {
    let batch = try Self.invoices().batch(of: Self.rows)
    #expect(batch.rowCount == 3)
    let expected: [ColumnValue] = [
      1, 7, "open", .decimal(Decimal128("1.50")!), nil, .timestamp(Self.rows[1].issuedAt),
    ]
    #expect(batch.row(1) == expected)
    #expect(try batch.decode(Invoice.self) == Self.rows)
  }

  @Test("a row that reads itself comes back")
  func handWritten() throws {
    let table = try Table("parcels", of: Parcel.self, key: \.id)
    let rows = [Parcel(id: 1, size: .small, weight: 0.5), Parcel(id: 2, size: .large, weight: nil)]
    let batch = try table.batch(of: rows)
    #expect(batch.row(1) == [2, "large", nil])
    #expect(try batch.decode(Parcel.self) == rows)
  }

  @Test("batches decode as tuples and single columns")
  func tuples() throws {
    let batch = try Self.invoices().batch(of: Self.rows).selecting(["id", "amount", "note"])
    let tuples = try batch.decode((Int, Decimal128, String?).self)
    #expect(tuples.map(\.0) == [0, 1, 2])
    #expect(tuples.map(\.1) == [0, Decimal128("1.5")!, 3])
    #expect(tuples.map(\.2) == [nil, nil, "x"])
    #expect(try batch.selecting(["id"]).decode(Int64.self) == [0, 1, 2])
  }

  @Test("whole decimals read as integers, since sums of integers are decimals")
  func wholeDecimals() throws {
    var builder = ColumnBatchBuilder(
      try ColumnSchema([ColumnField("sum", .decimal(precision: 38, scale: 0))]))
    try builder.append(row: [12])
    #expect(try builder.finish().decode(Int.self) == [12])
  }

  @Test("a value of another type names column, row and types, and not itself")
  func wrongType() throws {
    let batch = try Self.invoices().batch(of: Self.rows).selecting(["note", "status"])
    let error = try #require(throws: TokyoDataError.self) { try batch.decode((String, String).self) }
    #expect(error.code == .typeMismatch)
    #expect(
      error.description
        == "typeMismatch: a null of type string at index 0 in row 0 is no String (column note)")
    let number = try #require(throws: TokyoDataError.self) { try batch.decode((String?, Int).self) }
    #expect(
      number.description
        == "typeMismatch: a value of type string at index 1 in row 0 is no Int (column status)")
    let count = try #require(throws: TokyoDataError.self) { try batch.decode((String, String, Int).self) }
    #expect(count.description == "typeMismatch: 2 columns do not decode as a tuple of 3")
  }

  @Test("a fraction does not read as an integer, nor a large one as a small one")
  func inexact() throws {
    let amounts = try Self.invoices().batch(of: Self.rows).selecting(["amount"])
    #expect(throws: TokyoDataError.self) { try amounts.decode(Int.self) }
    var builder = ColumnBatchBuilder(try ColumnSchema([ColumnField("n", .int64)]))
    try builder.append(row: [40_000])
    let batch = try builder.finish()
    #expect(throws: TokyoDataError.self) { try batch.decode(Int16.self) }
    #expect(try batch.decode(Int32.self) == [40_000])
  }

  private struct Summary: Decodable, Equatable {
    enum State: String, Decodable { case paid, open }
    var status: State
    var CustomerId: UInt16
    var missing: String?
  }

  @Test("plain Decodable types decode, with raw enums, unsigned integers and absent optionals")
  func decodable() throws {
    let batch = try Self.invoices().batch(of: [Self.rows[0]])
    #expect(try batch.decode(Summary.self) == [Summary(status: .paid, CustomerId: 7, missing: nil)])
  }

  @Test("an absent column that is needed is named")
  func absent() throws {
    let batch = try Self.invoices().batch(of: Self.rows).selecting(["id"])
    let error = try #require(throws: TokyoDataError.self) { try batch.decode(Invoice.self) }
    #expect(error.code == .unknownColumn)
    #expect(error.context.column == "customerID")
  }

  @Test("two columns that differ in case only are not guessed between")
  func ambiguous() throws {
    struct One: Decodable { var userID: Int }
    var builder = ColumnBatchBuilder(
      try ColumnSchema([ColumnField("user_id", .int64), ColumnField("userid", .int64)]))
    try builder.append(row: [1, 2])
    let batch = try builder.finish()
    let error = try #require(throws: TokyoDataError.self) { try batch.decode(One.self) }
    #expect(error.description.contains("2 columns differ"))
  }

  private struct Loose: DatasetRow, Decodable {
    var id: Int64, amount: Decimal128, at: Timestamp?, text: String
    static let columns: [Column<Loose>] = [
      .init("id", \.id), .init("amount", \.amount), .init("at", \.at), .init("text", \.text, .int64),
    ]
  }

  private struct OnlyKey: DatasetRow, Decodable {
    var id: Int64, at: Timestamp?
    static let columns: [Column<OnlyKey>] = [.init("id", \.id), .init("at", \.at)]
  }

  @Test("a decimal without digits and a nullable time column are refused by name")
  func refused() throws {
    let decimal = try #require(throws: TokyoDataError.self) { try Table("loose", of: Loose.self, key: \.id) }
    #expect(decimal.context.column == "amount")
    let time = try #require(throws: TokyoDataError.self) {
      try Table("loose", of: OnlyKey.self, key: \.id, time: \.at)
    }
    #expect(time.context.column == "at")
  }

  @Test("a value that its column cannot hold is an error that names the column")
  func tooLarge() throws {
    var row = Self.rows[0]
    row.amount = Decimal128("0.001")!
    let error = try #require(throws: TokyoDataError.self) { try Self.invoices().batch(of: [row]) }
    #expect(error.code == .valueOutOfRange)
    #expect(error.context.column == "amount")
  }

  @Test("typed queries are the queries they look like")
  func queries() throws {
    let range = TimeRange(Day(year: 2024, month: 1, day: 1)!...Day(year: 2024, month: 1, day: 31)!)
    let typed = try Self.invoices().query
      .time(in: range)
      .filter(\.status == "paid")
      .group(by: .month)
      .select(.sum(\.amount), .count)
    let plain = try Query(DatasetName("invoices")).time(in: range)
      .filter(.column("status", .equal, "paid")).group(by: .month).select(.sum("amount"), .count)
    #expect(typed.query == plain)
  }

  @Test("every typed condition is the condition it looks like")
  func filters() throws {
    func filter(_ filter: TableFilter<Invoice>) -> Filter { filter.filter }
    let amount = Decimal128("1.5")!
    #expect(filter(\.id != 5) == .column("id", .notEqual, 5))
    #expect(filter(\.id < 5) == .column("id", .less, 5))
    #expect(filter(\.id <= 5) == .column("id", .lessOrEqual, 5))
    #expect(filter(\.amount > amount) == .column("amount", .greater, .decimal(amount)))
    #expect(filter(\.amount >= 5) == .column("amount", .greaterOrEqual, .decimal(5)))
    #expect(filter(\.note == nil) == .isNull("note"))
    #expect(filter(\.note != nil) == .not(.isNull("note")))
    #expect(filter(\.note == "x") == .column("note", .equal, "x"))
    #expect(filter(\.id < \.customerID) == .compare("id", .less, "customer_id"))
    #expect(filter(\.id == \.customerID) == .compare("id", .equal, "customer_id"))
    #expect(filter(.isIn(\.id, [1, 2])) == .isIn("id", [1, 2]))
    #expect(filter(.between(\.id, 1, 2)) == .between("id", 1, 2))
    #expect(filter(.hasPrefix(\.note, "x")) == .hasPrefix("note", "x"))
    #expect(filter(.hasPrefix(\.status, "x")) == .hasPrefix("status", "x"))
    let nested = Filter.and([
      .not(.or([.column("id", .equal, 1), .isNull("note")])), .column("status", .equal, "paid"),
    ])
    #expect(filter(!(\.id == 1 || .isNull(\.note)) && \.status == "paid") == nested)
  }

  @Test("every typed part of a query is the part it looks like")
  func parts() throws {
    let query = try Self.invoices().query
      .group(by: .bucket(.week, of: \.issuedAt, as: "w"), .column(\.status)).group(by: \.customerID)
      .select(.count(\.note), .count(as: "n"), .min(\.id), .max(\.id, as: "last"), .average(\.amount))
      .having(.column("n", .greater, 1)).order(by: .descending("n")).order(by: \.customerID)
      .limit(5).query
    #expect(
      query.groupings
        == [.bucket(TimeBucket(.week, of: "issued_at", as: "w")), .column("status"), .column("customer_id")])
    #expect(
      query.aggregates == [
        Aggregate(.count("note")), Aggregate(.countRows, as: "n"), .min("id"), .max("id", as: "last"),
        .average("amount"),
      ])
    #expect(query.orderings == [.descending("n"), "customer_id"])
    let rows = try Self.invoices().query.select(\.id, \.amount).order(byDescending: \.amount).query
    #expect(rows.projections == ["id", "amount"])
    #expect(rows.orderings == [.descending("amount")])
  }
}

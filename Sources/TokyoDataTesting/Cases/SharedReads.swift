// What hot and cold stores promise alike of filters, groups and sums.

/// Fails the case unless filters treat unknown as not true.
///
/// - Parameter ids: answers a query with the keys it finds.
func expectFilter(_ ids: ((DatasetName) -> Query) async throws -> [ColumnValue]) async throws {
  let isA = Filter.column("tag", .equal, "a")
  for (filter, expected, what): (Filter, [ColumnValue], String) in [
    (isA, [1], "rows where a comparison is true"),
    (!isA, [2], "rows where its negation is true"),
    (.isNull("tag"), [3], "rows where the value is null"),
    (.or([isA, .isNull("tag")]), [1, 3], "rows where either holds"),
    (.and([]), [1, 2, 3], "rows under no condition"),
  ] {
    let found = try await ids { Query($0).filter(filter).select("id").order(by: "id") }
    try expectEqual(found, expected, what)
  }
}

func nullGroupQuery(_ dataset: DatasetName) -> Query {
  Query(dataset).group(by: .column("tag")).select(.count).order(by: "tag")
}

/// Fails the case unless there are one row of tag a, and two of none.
func expectNullGroup(_ answer: ColumnBatch) throws {
  try expectEqual(try answer.values("tag"), ["a", .null], "groups")
  try expectEqual(try answer.values("count"), [1, 2], "rows of the groups")
}

/// Two rows whose sums pass 64 bits, and two whose sum of `amount` passes 38 digits.
func sumRows(_ day: Day) throws -> [ConformanceRow] {
  let large = try Decimal128(unscaled: 90_000_000_000_000_000_000_000_000_000_000_000_001, scale: 2)
  return [
    ConformanceRow(1, day.at(), amount: large, number: .max), ConformanceRow(2, day.at(), number: .max),
    ConformanceRow(3, day.at(), amount: large), ConformanceRow(4, day.at(), amount: large),
  ]
}

func sumQuery(_ dataset: DatasetName) -> Query {
  Query(dataset).select(.sum("number"), .sum("amount"))
}

/// Fails the case unless the sums are those of the first two rows.
func expectSums(_ answer: ColumnBatch) throws {
  let twice = try Decimal128(unscaled: 2 * Int128(Int64.max), scale: 0)
  try expectEqual(try answer.values("sum_number"), [.decimal(twice)], "sum of large integers")
  let large = try sumRows(Day(daysSince1970: 0))[0].amount
  try expectEqual(try answer.values("sum_amount"), [large.map { .decimal($0) } ?? .null], "sum of decimals")
}

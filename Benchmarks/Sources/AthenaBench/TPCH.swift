internal import BenchSupport
internal import TokyoDataAWS

/// The two queries of TPC-H that read nothing but lineitem, with the parameters of its validation, as typed queries.
enum TPCH: String, CaseIterable {
  case q1, q6

  var query: Query {
    get throws {
      switch self {
      case .q1: try Self.pricingSummary
      case .q6: try Self.revenueChange
      }
    }
  }

  /// The answer's rows as text, a line for each, with tabs between columns.
  func answer(_ store: some ColdStore, _ lineitem: Lineitem) async throws -> String {
    let rows = try await store.rows(of: try query, lineitem)
    return (0..<rows.rowCount).map { row in
      rows.row(row).map { $0.text ?? "" }.joined(separator: "\t")
    }.joined(separator: "\n")
  }

  private static var pricingSummary: Query {
    get throws {
      let one = ColumnExpression.literal(.int(1))
      let discounted = ColumnExpression.multiply("l_extendedprice", .subtract(one, "l_discount"))
      return Query(try DatasetName("lineitem"))
        .filter(.column("l_shipdate", .lessOrEqual, .date(try day(1998, 9, 2))))
        .group(by: .column("l_returnflag"), .column("l_linestatus"))
        .select(
          .sum("l_quantity", as: "sum_qty"), .sum("l_extendedprice", as: "sum_base_price"),
          Aggregate(.sum(discounted), as: "sum_disc_price"),
          Aggregate(.sum(.multiply(discounted, .add(one, "l_tax"))), as: "sum_charge"),
          .average("l_quantity", as: "avg_qty"), .average("l_extendedprice", as: "avg_price"),
          .average("l_discount", as: "avg_disc"), Aggregate(.countRows, as: "count_order")
        )
        .order(by: "l_returnflag", "l_linestatus")
    }
  }

  private static var revenueChange: Query {
    get throws {
      Query(try DatasetName("lineitem"))
        .filter(.column("l_shipdate", .greaterOrEqual, .date(try day(1994, 1, 1))))
        .filter(.column("l_shipdate", .less, .date(try day(1995, 1, 1))))
        .filter(
          .between(
            "l_discount", .decimal(try Decimal128(unscaled: 5, scale: 2)),
            .decimal(try Decimal128(unscaled: 7, scale: 2)))
        )
        .filter(.column("l_quantity", .less, .int(24)))
        .select(Aggregate(.sum(.multiply("l_extendedprice", "l_discount")), as: "revenue"))
    }
  }

  private static func day(_ year: Int, _ month: Int, _ day: Int) throws -> Day {
    guard let day = Day(year: year, month: month, day: day) else { throw BenchError("no such day") }
    return day
  }
}

extension ColdStore {
  /// The answer of the store alone.
  func rows(of query: Query, _ lineitem: Lineitem) async throws -> ColumnBatch {
    let resolved = try ResolvedQuery(query, for: lineitem.dataset)
    var merger = ResultMerger(resolved)
    _ = try await read(resolved, from: lineitem.pinned) { try merger.add($0) }
    return try merger.finish()
  }
}

import Foundation
import Testing
import TokyoDataCore

@Suite("The JSON form of queries")
struct QueryCodingTests {
  private static func read(_ json: String) throws -> Query {
    try JSONDecoder().decode(Query.self, from: Data(json.utf8))
  }

  private static func filter(_ json: String) throws -> Filter {
    try JSONDecoder().decode(Filter.self, from: Data(json.utf8))
  }

  @Test("a file with every key is read as it is meant")
  func everyKey() throws {
    let query = try Self.read(
      """
      {"format":1,"dataset":"flights","from":"2013-01-01T00:00:00Z","until":"2014-01-02",
       "where":{"and":[{"eq":["carrier","UA"]},{"notNull":"dep_delay"}]},
       "groupBy":[{"bucket":"month","column":"time_hour","as":"start"},"carrier"],
       "aggregates":[{"count":"*","as":"n"},{"avg":"dep_delay","as":"delay"},{"sum":{"multiply":["a","b"]}}],
       "having":{"gt":["n",10]},"orderBy":["start",{"desc":"n","nulls":"first"},{"asc":"delay"}],"limit":100,
       "kind":"analytics","latency":"batch","freshness":"asOfExport","acceptPartial":true,"cache":false,
       "maxAge":2.5,"later":[1]}
      """)
    var expected = try Query(DatasetName("flights"))
    expected.timeRange = TimeRange(
      from: Day(year: 2013, month: 1, day: 1)?.start, until: Day(year: 2014, month: 1, day: 2)?.start)
    expected.filter = .and([.column("carrier", .equal, "UA"), .not(.isNull("dep_delay"))])
    expected.groupings = [.bucket(TimeBucket(.month, of: "time_hour", as: "start")), .column("carrier")]
    expected.aggregates = [
      Aggregate(.countRows, as: "n"), .average("dep_delay", as: "delay"),
      Aggregate(.sum(.multiply("a", "b")), as: "sum"),
    ]
    expected.having = .column("n", .greater, 10)
    expected.orderings = ["start", Ordering("n", descending: true, nullsFirst: true), "delay"]
    expected.limit = 100
    expected.needs = QueryNeeds(
      kind: .analytics, latency: .batch, freshness: .asOfExport, acceptPartial: true, usesCache: false,
      maximumAge: .milliseconds(2500))
    #expect(query == expected)
    #expect(try JSONDecoder().decode(Query.self, from: JSONEncoder().encode(query)) == expected)
  }

  @Test(
    "filters are read as they are meant and survive a round trip",
    arguments: [
      (#"{"eq":["a","b"]}"#, Filter.compare("a", .equal, .literal("b"))),
      (#"{"ne":["a",{"column":"b"}]}"#, .compare("a", .notEqual, "b")),
      (#"{"lt":[{"literal":"x"},{"column":"b"}]}"#, .compare(.literal("x"), .less, "b")),
      (#"{"le":["a",null]}"#, .compare("a", .lessOrEqual, .literal(nil))),
      (#"{"gt":[{"add":["a",1]},1.5]}"#, .compare(.add("a", .literal(1)), .greater, .literal(1.5))),
      (
        #"{"ge":[{"subtract":["a",{"literal":"x"}]},true]}"#,
        .compare(.subtract("a", .literal("x")), .greaterOrEqual, .literal(true))
      ),
      (#"{"in":["a",["x",1,null]]}"#, .isIn("a", ["x", 1, nil])),
      (#"{"in":["a",[]]}"#, .isIn("a", [])),
      (#"{"between":["a","x","y"]}"#, .between("a", "x", "y")),
      (#"{"null":"a"}"#, .isNull("a")),
      (#"{"notNull":"a"}"#, .not(.isNull("a"))),
      (#"{"prefix":["a","x%"]}"#, .hasPrefix("a", "x%")),
      (#"{"or":[{"not":{"null":"a"}},{"and":[]}]}"#, .or([.not(.isNull("a")), .and([])])),
      (
        #"{"eq":["a",{"literal":"1.50","type":"decimal"}]}"#,
        .column("a", .equal, .decimal(Decimal128("1.50")!))
      ),
      (#"{"eq":["a",{"literal":"AQI=","type":"bytes"}]}"#, .column("a", .equal, .bytes([1, 2]))),
      (
        #"{"eq":["a",{"literal":"2020-02-29","type":"date"}]}"#,
        .column("a", .equal, .date(Day("2020-02-29")!))
      ),
      (#"{"eq":["a",{"literal":"-Infinity","type":"double"}]}"#, .column("a", .equal, .double(-.infinity))),
      (#"{"eq":["a",{"literal":2,"type":"double"}]}"#, .column("a", .equal, .double(2))),
      (#"{"eq":["a",{"literal":0.1,"type":"float"}]}"#, .column("a", .equal, .float(0.1))),
      (
        #"{"eq":["a",170141183460469231731]}"#,
        .column("a", .equal, .decimal(Decimal128("170141183460469231731")!))
      ),
      (
        #"{"eq":["a",{"literal":"2020-01-01T00:00:00Z","type":"timestamp"}]}"#,
        .column("a", .equal, .timestamp(Timestamp("2020-01-01T00:00:00Z")!))
      ),
    ])
  func filters(json: String, expected: Filter) throws {
    let filter = try Self.filter(json)
    #expect(filter == expected)
    #expect(try JSONDecoder().decode(Filter.self, from: JSONEncoder().encode(filter)) == expected)
  }

  @Test(
    "what makes no sense is refused with words",
    arguments: [
      (#"{"dataset":"t","where":{"equals":["a",1]}}"#, "one of eq"),
      (#"{"dataset":"t","where":{"eq":["a",1],"lt":["a",1]}}"#, #"not "eq", "lt""#),
      (#"{"dataset":"t","where":{"eq":["a"]}}"#, "takes 2 elements"),
      (#"{"dataset":"t","where":{"in":["a",[{"column":"b"}]]}}"#, "literals only"),
      (#"{"dataset":"t","where":{"prefix":["a",1]}}"#, "a column and a text"),
      (#"{"dataset":"t","where":{"eq":["a",{"literal":"x","type":"date"}]}}"#, "its type, date"),
      (#"{"dataset":"t","aggregates":[{"median":"a"}]}"#, "count, sum, min, max, avg"),
      (#"{"dataset":"t","select":[{"add":["a","b"]}]}"#, "needs a name"),
      (#"{"dataset":"t","orderBy":[{"up":"a"}]}"#, "asc, desc"),
      (#"{"dataset":"t","groupBy":[{"column":"a"}]}"#, #"object with "bucket""#),
      (#"{"dataset":"t","from":"yesterday"}"#, "instant"),
      (#"{"dataset":"t","format":2}"#, "format 2"),
    ])
  func nonsense(json: String, words: String) throws {
    let error = try #require(throws: TokyoDataError.self) { try Self.read(json) }
    #expect(error.description.contains(words), "\(error)")
  }

  @Test(
    "an unknown kind and a missing dataset are refused",
    arguments: [
      #"{"dataset":"t","kind":"magic"}"#, #"{"limit":1}"#, #"{"dataset":"T"}"#, "[]",
    ])
  func refused(json: String) {
    #expect(throws: (any Error).self) { try Self.read(json) }
  }

  @Test("the least query is a dataset, and has the usual needs")
  func least() throws {
    #expect(try Self.read(#"{"dataset":"t"}"#) == Query(DatasetName("t")))
  }

  @Test("selections and aggregates survive a round trip")
  func parts() throws {
    var query = try Query(DatasetName("t"))
    query.projections = ["a", Projection(.add("a", .literal(1.5)), as: "b"), Projection("c", as: "d")]
    query.aggregates = [
      .count, Aggregate(.count("*"), as: "stars"), .max("x"), .min("x", as: "y"),
      Aggregate(.sum(.literal(.decimal(Decimal128("0.10")!))), as: "z"),
    ]
    query.groupings = [.month, .bucket(TimeBucket(.week, of: "c", in: "Asia/Tokyo"))]
    let data = try JSONEncoder().encode(query)
    #expect(try JSONDecoder().decode(Query.self, from: data) == query)
  }
}

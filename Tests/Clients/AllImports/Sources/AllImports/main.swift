import Foundation
import HummingbirdCore
import Logging
import TokyoData

// Our types, unqualified, beside everything that a service imports; `Router` alone is qualified by those
// who also import all of Hummingbird.
let logger = Logger(label: "AllImports")
let port = BindAddress.hostname("127.0.0.1", port: 0)
let dataset = try Dataset(
  DatasetName("sales"),
  schema: ColumnSchema([
    ColumnField("id", .int64, isNullable: false), ColumnField("amount", .decimal(precision: 12, scale: 2)),
    ColumnField("sold_at", .timestamp, isNullable: false),
  ]),
  primaryKey: ["id"], timeColumn: "sold_at")
let hot = InMemoryHotStore()
try await hot.install(dataset)
let router = TokyoData.Router(hot: hot, cold: InMemoryColdStore())
let day = Day(daysSince1970: 20_000)
let query = Query(dataset.name).time(in: TimeRange(day...day)).group(by: .month).select(.sum("amount"))
let answer: Answer = try await router.fetch(query)
let batch: ColumnBatch = answer.batch
let totals: [(Day, Decimal128?)] = try answer.decode((Day, Decimal128?).self)
let instant: Timestamp = answer.asOf
logger.info("TokyoData beside Foundation, swift-log and Hummingbird's core", metadata: ["address": "\(port)"])
print("AllImports: \(batch.rowCount) groups, \(totals.count) totals, \(Date(timeIntervalSince1970: 0))")
print(instant.day > day)

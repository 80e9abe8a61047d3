internal import BenchSupport
internal import TokyoData
internal import TokyoDataPostgres
internal import TokyoDataRedis

/// A query over cold days, of which Redis has the states: what is left are lock, ledger and overlay in
/// PostgreSQL, the cache, and the merge.
struct RoutedQuery {
  let load: Load

  /// Asks the same again and again; every answer comes from the cache, and is what the lake says.
  func run(hot url: String, cache socket: String, lake folder: String) async throws -> Times {
    let hot = PostgresHotStore(url)
    let cache = try RedisCache(RedisConfiguration(.single(.socket(path: socket))))
    let cold = LakeColdStore(try Lake.local(folder: folder))
    guard let today = try await hot.query("SELECT current_date").decode(Day.self).first else {
      throw BenchError("PostgreSQL does not know today")
    }
    let query = Query(try DatasetName(ColdDays.name))
      .time(in: TimeRange(ColdDays.days(before: today)))
      .group(by: .column("status")).select(.sum("total"), .count).order(by: "status")
    let plain = try await Router(hot: hot, cold: cold).fetch(query)
    let router = Router(hot: hot, cold: cold, cache: cache)
    _ = try await router.fetch(query)
    let times = try await load.run { part in
      try await part.repeat {
        let answer = try await router.fetch(query)
        guard answer.cache.outcome == .hit, answer.cache.hits == ColdDays.count, answer.batch == plain.batch,
          answer.read.hotRows > 0
        else { throw BenchError("not the lake's answer from the cache: \(answer.cache)") }
      }
    }
    await cache.close()
    await hot.close()
    return times
  }
}

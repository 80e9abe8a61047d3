import TokyoData

func openCached(_ hot: PostgresHotStore, _ cold: LakeColdStore) throws {
  // snippet: router
  let cache = TwoLevelCache(
    near: InMemoryCache(capacity: 64_000_000),
    far: try RedisCache("redis://app:secret@cache.internal:6379/0"))
  let router = Router(hot: hot, cold: cold, cache: cache)
  // end snippet
  _ = router
}

func dashboard(_ router: Router, _ query: Query) async throws -> Answer {
  // snippet: age
  let answer = try await router.fetch(query.needing(QueryNeeds(maximumAge: .seconds(30))))
  // end snippet
  return answer
}

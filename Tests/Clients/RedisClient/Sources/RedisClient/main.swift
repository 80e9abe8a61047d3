import TokyoDataRedis

// Nothing connects before its first use.
let cache = try RedisCache("redis://127.0.0.1")
let key = CacheKey("key")
print("TokyoDataRedis can be used alone: \(cache.name), \(key)")
await cache.close()

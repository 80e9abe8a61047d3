internal import TokyoDataCore
public import TokyoDataLake

extension S3ObjectStore {
  /// Lists in pages of 1,000; keys that `ObjectKey` does not allow, which other programs made, are left out.
  public func list(prefix: String, _ consume: ([StoredObject]) async throws -> Void) async throws {
    var token: String?
    repeat {
      let page = try await run("listing") { try await client.list(prefix: root + prefix, token: token) }
      let objects = page.objects.compactMap { object in
        // By bytes: an accent may follow the root's slash and be one character with it.
        (try? ObjectKey(String(Substring(object.key.utf8.dropFirst(root.utf8.count))))).map {
          StoredObject(key: $0, size: object.size)
        }
      }
      if !objects.isEmpty { try await consume(objects) }
      token = page.next
    } while token != nil
  }

  /// Deletes in requests of 1,000 keys; keys that fail for a passing reason are tried again.
  public func delete(_ keys: [ObjectKey]) async throws -> [ObjectDeletion] {
    var errors: [ObjectKey: TokyoDataError] = [:]
    for start in stride(from: 0, to: keys.count, by: 1_000) {
      var left = Array(Set(keys[start..<min(start + 1_000, keys.count)]))
      for _ in 0..<3 where !left.isEmpty {
        let refused = try await run("deletion") { try await client.delete(left.map(path)) }
        // By bytes, for `String` takes two spellings of an accented letter for one.
        let reasons = Dictionary(refused.map { (Array($0.key.utf8), $0.error) }) { first, _ in first }
        left = left.filter { key in
          guard let reason = reasons[Array(path(of: key).utf8)] else {
            errors[key] = nil
            return false
          }
          let error = TokyoDataError(reason, object: key.name, store: name)
          errors[key] = error
          return error.isRetryable
        }
      }
    }
    return keys.map { ObjectDeletion(key: $0, error: errors[$0]) }
  }
}

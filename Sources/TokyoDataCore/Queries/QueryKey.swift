/// A key of a query's JSON form; operators are keys too.
struct QueryKey: CodingKey, ExpressibleByStringLiteral {
  let stringValue: String

  init(stringLiteral value: String) { stringValue = value }

  init(stringValue: String) { self.stringValue = stringValue }

  init?(intValue: Int) { nil }

  var intValue: Int? { nil }
}

extension KeyedDecodingContainer<QueryKey> {
  /// The one key of an operation such as `{"eq": […]}`, besides those that may accompany it.
  func operation(besides others: Set<String> = [], of what: String, known: [String]) throws -> QueryKey {
    let keys = allKeys.filter { !others.contains($0.stringValue) }.sorted { $0.stringValue < $1.stringValue }
    guard keys.count == 1, known.contains(keys[0].stringValue) else {
      let found = keys.isEmpty ? "none" : keys.map { "\"\($0.stringValue)\"" }.joined(separator: ", ")
      throw TokyoDataError(
        .invalidArgument, "\(what) is an object with one of \(known.joined(separator: ", ")), not \(found)")
    }
    return keys[0]
  }

  /// The elements of an operation's array, which has so many.
  func elements<Element: Decodable>(_: Element.Type, of key: QueryKey, count: Int) throws -> [Element] {
    let elements = try decode([Element].self, forKey: key)
    guard elements.count == count else {
      throw TokyoDataError(
        .invalidArgument, "\"\(key.stringValue)\" takes \(count) elements, not \(elements.count)")
    }
    return elements
  }
}

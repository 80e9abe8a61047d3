internal import TokyoDataCore

/// All items of an operation that answers in pages.
///
/// - Parameter page: Asks for one page, by the token that the page before it ended with.
/// - Throws: `TokyoDataError.invalidData` where a token comes again, or there are more pages than anything
///   of ours can have: following them might never end.
func pages<Item>(
  _ page: (String?) async throws -> (items: [Item], next: String?)
) async throws -> [Item] {
  var items: [Item] = []
  var tokens: Set<String> = []
  var token: String?
  repeat {
    let answer = try await page(token)
    items += answer.items
    token = answer.next
    guard let token, !token.isEmpty else { return items }
    guard tokens.insert(token).inserted, tokens.count < mostPages else {
      throw TokyoDataError(.invalidData, "an answer in pages does not come to an end")
    }
  } while true
}

/// Ten million partitions, which is the most that a table of Glue has.
private let mostPages = 10_000

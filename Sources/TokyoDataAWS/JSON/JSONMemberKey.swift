/// A member's name on its way between a document of AWS and a property of ours.
struct JSONMemberKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(stringValue: String) {
    self.stringValue = stringValue
    intValue = nil
  }

  init(intValue: Int) {
    stringValue = String(intValue)
    self.intValue = intValue
  }

  /// `queryString` as `QueryString`.
  static func capitalizing(_ key: any CodingKey) -> JSONMemberKey {
    changingFirst(of: key) { $0.uppercased() }
  }

  /// `QueryString` as `queryString`.
  static func lowercasing(_ key: any CodingKey) -> JSONMemberKey {
    changingFirst(of: key) { $0.lowercased() }
  }

  private static func changingFirst(
    of key: any CodingKey, _ change: (Character) -> String
  ) -> JSONMemberKey {
    if let index = key.intValue { return JSONMemberKey(intValue: index) }
    guard let first = key.stringValue.first else { return JSONMemberKey(stringValue: "") }
    return JSONMemberKey(stringValue: change(first) + key.stringValue.dropFirst())
  }
}

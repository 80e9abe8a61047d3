/// What a service that speaks JSON answers with a status of success: what it was asked for, or an error all the
/// same.
enum JSONAnswer<Output: Decodable>: Decodable {
  case output(Output)
  case error

  init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: JSONMemberKey.self)
    let shape = try members.decodeIfPresent(String.self, forKey: JSONMemberKey(stringValue: "__type"))
    self = Self.isOutput(shape) ? .output(try Output(from: decoder)) : .error
  }

  /// Errors always say what they are; what was asked for may, and is called so then.
  private static func isOutput(_ shape: String?) -> Bool {
    guard let shape else { return true }
    return ["Response", "Output", "Result"].contains { shape.hasSuffix($0) }
  }
}

/// How parameters stand in a signature: encoded in one way only, in the order of their names and values.
enum CanonicalQuery {
  static func text(_ query: String) -> String {
    var parameters: [(name: String, value: String)] = []
    for parameter in query.split(separator: "&") {
      let name = parameter.prefix { $0 != "=" }
      let value = parameter[name.endIndex...].dropFirst()
      parameters.append((URIEncoding.normalize(name), URIEncoding.normalize(value)))
    }
    // All of it is ASCII now, which strings compare byte by byte.
    parameters.sort { $0.name != $1.name ? $0.name < $1.name : $0.value < $1.value }
    return parameters.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
  }

  /// Parameters as they are sent.
  static func encode(_ parameters: [(name: String, value: String?)]) -> String {
    parameters.map { name, value in
      URIEncoding.encode(name) + (value.map { "=" + URIEncoding.encode($0) } ?? "")
    }.joined(separator: "&")
  }
}

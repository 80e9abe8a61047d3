internal import TokyoDataCore

/// Where settings come from besides the program: the environment and a profile.
struct AWSSettingSources: Sendable {
  /// The environment's variables; an empty one counts as absent.
  var variables: [String: String] = [:]
  /// The keys of the profile, in lower case.
  var profile: [String: String] = [:]
  /// The values of blocks in the profile, such as `addressing_style` of `s3`.
  var blocks: [String: [String: String]] = [:]
  /// The endpoints of the profile's `[services …]` section, by the service's name there.
  var endpointURLs: [String: String] = [:]

  /// What a name says: a variable comes before a key of the profile.
  func text(_ variable: String?, _ key: String?) -> String? {
    let values = [variable.flatMap { variables[$0] }, key.flatMap { profile[$0] }]
    return values.compactMap(\.self).first { !$0.isEmpty }
  }

  /// What says yes or no: the program's own word, else a variable, else a key of the profile, else no.
  ///
  /// - Throws: `TokyoDataError.invalidArgument` for anything else: a misspelt `true` must not turn FIPS off.
  func flag(_ said: Bool?, _ variable: String, _ key: String) throws(TokyoDataError) -> Bool {
    if let said { return said }
    guard let text = text(variable, key) else { return false }
    switch text.lowercased() {
    case "true": return true
    case "false": return false
    default:
      let name = text == variables[variable] ? variable : "the profile's \(key)"
      throw TokyoDataError(.invalidArgument, "\(name) is neither true nor false")
    }
  }
}

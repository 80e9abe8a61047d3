#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// What the process was given from outside: its variables and a home folder.
struct AWSEnvironment: Sendable {
  var variables: [String: String]
  /// The folder that `~` stands for; nil where there is none.
  var home: String?

  init(_ variables: [String: String] = [:], home: String? = nil) {
    self.variables = variables
    self.home = home ?? variables["HOME"].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The environment of this process, as it is now.
  static var process: AWSEnvironment { AWSEnvironment(ProcessInfo.processInfo.environment) }

  /// A variable; an empty one counts as absent.
  subscript(name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }

  /// The profile that the environment names.
  var profile: String? { self["AWS_DEFAULT_PROFILE"] ?? self["AWS_PROFILE"] }

  /// A path with a leading `~` replaced by the home folder, as the shell does; nil where there is none.
  func expand(_ path: String) -> String? {
    guard path == "~" || path.hasPrefix("~/") else { return path }
    return home.map { $0 + path.dropFirst() }
  }
}

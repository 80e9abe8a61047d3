/// Keys that a program prints: `credential_process` of a profile.
///
/// The line is split into words as a shell does, but no shell runs. What the program writes to its error
/// output is dropped, for it may hold what must not be in our errors.
struct ProcessCredentials: AWSCredentialProvider {
  let name = "credential-process"
  let profile: String
  let settings: CredentialSettings
  /// People sign in to some programs in a browser meanwhile.
  var timeout: Duration = .seconds(60)
  var outputLimit = 1 << 16

  func credentials() async throws -> AWSCredentials {
    guard let line = try settings.profiles().profile(profile)?["credential_process"] else {
      throw AWSCredentialError(name, "profile \(profile) has no credential_process", isUnconfigured: true)
    }
    guard let words = ShellWords.split(line), !words.isEmpty else {
      throw AWSCredentialError(name, "credential_process of profile \(profile) has a quote without an end")
    }
    let outcome: ChildProcess.Outcome
    do {
      outcome = try await ChildProcess.run(
        words, environment: settings.environment.variables, timeout: timeout, outputLimit: outputLimit)
    } catch let error as ChildProcess.Problem {
      throw AWSCredentialError(name, Self.message(error))
    }
    guard let status = outcome.status else { throw AWSCredentialError(name, "a signal ended the program") }
    guard status == 0 else { throw AWSCredentialError(name, "the program ended with status \(status)") }
    guard let document = KeyDocument(outcome.output) else {
      throw AWSCredentialError(name, "the program printed something else than keys in JSON")
    }
    guard document.version == 1 else { throw AWSCredentialError(name, "the program's Version is not 1") }
    return try document.credentials(name)
  }

  private static func message(_ problem: ChildProcess.Problem) -> String {
    switch problem {
    case .cannotStart: "the program cannot be started"
    case .tooMuchOutput: "the program prints too much"
    case .tookTooLong: "the program did not end in time"
    }
  }
}

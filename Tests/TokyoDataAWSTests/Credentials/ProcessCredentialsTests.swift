import Foundation
import Testing

@testable import TokyoDataAWS

@Suite("Credentials that a program prints", .timeLimit(.minutes(1)))
struct ProcessCredentialsTests {
  private func ask(
    _ line: String, timeout: Duration = .seconds(60), files: [String: String] = [:]
  ) async throws -> AWSCredentials {
    let home = try CredentialHome(config: "[default]\ncredential_process = \(line)")
    for (name, text) in files { try home.write(text, to: name) }
    return try await ProcessCredentials(
      profile: "default", settings: home.settings(["MARK": "from the environment"]), timeout: timeout
    ).credentials()
  }

  @Test("Keys, token and end are read from its output; it has our environment and no input")
  func keys() async throws {
    let program = """
      cat
      echo "{\\"Version\\": 1, \\"AccessKeyId\\": \\"$MARK\\", \\"SecretAccessKey\\": \\"$1\\",
      \\"SessionToken\\": \\"t\\", \\"Expiration\\": \\"2027-06-01T00:00:00.123456789+00:00\\"}"
      """
    let keys = try await ask(#"sh {home}/program "a b" "#, files: ["program": program])
    #expect(keys.accessKeyID == "from the environment")
    #expect(keys.secretAccessKey == "a b")
    #expect(keys.sessionToken == "t")
    #expect(keys.expiration == Timestamp("2027-06-01T00:00:00.123456Z"))
  }

  @Test("No shell sees the line")
  func noShell() async throws {
    let keys = try await ask(
      #"echo '{"Version": 1, "AccessKeyId": "$HOME;x|y", "SecretAccessKey": "`id`"}' "#)
    #expect(keys.accessKeyID == "$HOME;x|y")
    #expect(keys.secretAccessKey == "`id`")
  }

  @Test(
    "What goes wrong is said, without a word of the program's",
    arguments: [
      ("false", "the program ended with status 1"),
      ("sh -c 'echo hush >&2; echo hush; exit 7'", "the program ended with status 7"),
      ("sh -c 'kill -9 $$'", "a signal ended the program"),
      ("/no/such/program", "the program cannot be started"),
      ("echo 'open", "credential_process of profile default has a quote without an end"),
      ("echo hush", "the program printed something else than keys in JSON"),
      ("true", "the program printed something else than keys in JSON"),
      (#"echo '{"Version": 2, "AccessKeyId": "a"}'"#, "the program's Version is not 1"),
      (#"echo '{"AccessKeyId": "a", "SecretAccessKey": "b"}'"#, "the program's Version is not 1"),
      (#"echo '{"Version": 1, "AccessKeyId": "a"}'"#, "the answer lacks AccessKeyId or SecretAccessKey"),
      ("yes", "the program prints too much"),
    ])
  func failures(_ line: String, _ message: String) async throws {
    let error = await #expect(throws: AWSCredentialError.self) { try await ask(line) }
    #expect(error?.message == message)
    #expect(error?.isUnconfigured == false)
  }

  @Test("A program that does not end is killed, with what it started")
  func timeout() async throws {
    let home = try CredentialHome(
      config: """
        [default]
        credential_process = sh -c 'sleep 3600 & echo $! >{home}/child; wait'
        """)
    let error = await #expect(throws: AWSCredentialError.self) {
      try await ProcessCredentials(
        profile: "default", settings: home.settings(), timeout: .milliseconds(500)
      ).credentials()
    }
    #expect(error?.message == "the program did not end in time")
    try await Self.expectEnd(of: home)
  }

  @Test("Cancellation kills it too")
  func cancellation() async throws {
    let home = try CredentialHome(
      config: """
        [default]
        credential_process = sh -c 'sleep 3600 & echo $! >{home}/child; wait'
        """)
    let task = Task {
      try await ProcessCredentials(profile: "default", settings: home.settings()).credentials()
    }
    while (try? home.read("child"))?.hasSuffix("\n") != true { await Task.yield() }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    try await Self.expectEnd(of: home)
  }

  /// Waits until the process whose number is in the file `child` has ended.
  private static func expectEnd(of home: CredentialHome) async throws {
    let child = try #require(Int32(home.read("child").trimmingCharacters(in: .whitespacesAndNewlines)))
    while true {
      let state = try? String(contentsOf: URL(filePath: "/proc/\(child)/stat"), encoding: .utf8)
      guard let state, !state.contains(") Z") else { break }
      await Task.yield()
    }
  }
}

import Testing
import TokyoDataTesting

@testable import TokyoDataAWS

/// What the comparison with botocore does not show.
@Suite("Shared config files")
struct SharedConfigTests {
  @Test("A byte order mark is read over")
  func mark() throws {
    let config = try SharedConfig([0xEF, 0xBB, 0xBF] + Array("[default]\nregion = r".utf8))
    #expect(AWSProfiles(config: config, credentials: SharedConfig()).profile("default")?["region"] == "r")
  }

  @Test("An error names the line and not what stands there")
  func errors() {
    let cases: [(text: String, line: Int)] = [
      ("secret", 1), ("[a]\nsecret", 2), ("[a]\r\n\r\n[a]", 3), ("[a]\nk = 1\nK = 2", 3), ("[a]\n= x", 2),
      ("[a]\n[b]\ns3 =\n  x = y\n  secret", 3),
    ]
    for (text, line) in cases {
      #expect {
        try SharedConfig(Array(text.utf8))
      } throws: { error in
        (error as? SharedConfig.Problem)?.line == line && !"\(error)".contains("secret")
      }
    }
    #expect(throws: SharedConfig.Problem(line: 2, reason: "not UTF-8")) {
      try SharedConfig(Array("[a]\n".utf8) + [0xFF])
    }
  }

  @Test("Bytes of any kind are read or refused, and never stop the program")
  func hostile() {
    var dice = SystemRandomNumberGenerator()
    let pieces = ["[", "]", "=", ":", "\n", "\r", " ", "\t", "a", "é", "\u{0}", "#", ";", "[a]\n", "k = v\n"]
    for _ in 0..<5000 {
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 0...20, using: &dice) {
        bytes += pieces.randomElement(using: &dice)?.utf8.map(\.self) ?? []
        if Int.random(in: 0..<20, using: &dice) == 0 { bytes.append(.random(in: 0...255, using: &dice)) }
      }
      guard let config = try? SharedConfig(bytes) else { continue }
      let profiles = AWSProfiles(config: config, credentials: config)
      #expect(config.sections.isEmpty || profiles.profile(config.sections[0].name) != nil)
    }
  }

  @Test("A file that is too large is refused; one that is not there, or is no file, is empty")
  func files() throws {
    let home = try CredentialHome()
    #expect(try AWSProfiles(AWSEnvironment(home: home.path)).profile("default") == nil)
    #expect(try AWSProfiles(AWSEnvironment()).profile("default") == nil)
    for path in ["/dev/null", "/dev/zero", home.path] {
      #expect(try AWSProfiles(AWSEnvironment(["AWS_CONFIG_FILE": path])).profile("default") == nil)
    }
    try home.write(String(repeating: "#", count: 1 << 20) + "\n", to: "large")
    #expect(throws: AWSCredentialError("profiles", "the config file is too large")) {
      try AWSProfiles(AWSEnvironment(["AWS_CONFIG_FILE": "\(home.path)/large"]))
    }
  }

  @Test("Files are where the variables say, and the home folder is behind ~")
  func paths() throws {
    let home = try CredentialHome()
    try home.write("[profile a]\nregion = one", to: "here")
    try home.write("[a]\nregion = two\noutput = x", to: "there")
    let variables = ["AWS_CONFIG_FILE": "~/here", "AWS_SHARED_CREDENTIALS_FILE": "\(home.path)/there"]
    let profile = try AWSProfiles(AWSEnvironment(variables, home: home.path)).profile("a")
    #expect(profile?.texts == ["region": "two", "output": "x"])
  }

  @Test("A profile's endpoints are those of its section of services")
  func endpoints() throws {
    let config = try SharedConfig(
      Array(
        """
        [profile a]
        services = local
        endpoint_url = http://all
        s3 =
          addressing_style = path
        [services local]
        s3 =
          endpoint_url = http://s3
        cloudwatch_logs =
          endpoint_url = http://logs
        glue =
          other = x
        """.utf8))
    let profiles = AWSProfiles(config: config, credentials: SharedConfig())
    let profile = try #require(profiles.profile("a"))
    #expect(
      profiles.endpointURLs(of: profile) == ["s3": "http://s3", "cloudwatch_logs": "http://logs"])
    #expect(profile["endpoint_url"] == "http://all")
    #expect(profile.blocks == ["s3": ["addressing_style": "path"]])
  }

  @Test(
    "Times of every writer are read",
    arguments: [
      ("2026-11-26T03:04:05Z", "2026-11-26T03:04:05.000000Z"),
      ("2026-11-26T03:04:05UTC", "2026-11-26T03:04:05.000000Z"),
      ("2026-11-26T03:04:05", "2026-11-26T03:04:05.000000Z"),
      ("2026-11-26T03:04:05.123456789Z", "2026-11-26T03:04:05.123456Z"),
      ("2026-11-26T03:04:05.5+09:00", "2026-11-25T18:04:05.500000Z"),
      ("2026-11-26T03:04:05.Z", "2026-11-26T03:04:05.000000Z"),
    ])
  func times(_ text: String, _ expected: String) {
    #expect(Timestamp(loosely: text)?.description == expected)
  }

  @Test(
    "What is no time is none",
    arguments: ["", "soon", ".", "UTC", "2026-13-01T00:00:00Z", String(repeating: "1", count: 100), "é.é"])
  func noTimes(_ text: String) { #expect(Timestamp(loosely: text) == nil) }
}

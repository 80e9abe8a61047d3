import Testing

@testable import TokyoDataRedis

@Suite("The URL of a Redis")
struct RedisURLTests {
  struct Meaning: Sendable {
    var topology: RedisConfiguration.Topology
    var user: String?
    var password: String?
    var database = 0
  }

  @Test(
    "names servers, user, password and database",
    arguments: [
      ("redis://cache", Meaning(topology: .single(.host("cache", port: 6379)))),
      ("redis://cache:7000/3", Meaning(topology: .single(.host("cache", port: 7000)), database: 3)),
      ("redis://[::1]:7000", Meaning(topology: .single(.host("::1", port: 7000)))),
      (
        "redis://sam:p%3aa%40s%2Fs%25@h",
        Meaning(topology: .single(.host("h", port: 6379)), user: "sam", password: "p:a@s/s%")
      ),
      ("redis://:p:@@h/", Meaning(topology: .single(.host("h", port: 6379)), password: "p:@")),
      (
        "redis+unix:///run/a%20b.sock?db=2",
        Meaning(topology: .single(.socket(path: "/run/a b.sock")), database: 2)
      ),
      ("redis+unix://u:p@/r", Meaning(topology: .single(.socket(path: "/r")), user: "u", password: "p")),
      (
        "redis+cluster://a,b:1", Meaning(topology: .cluster([.host("a", port: 6379), .host("b", port: 1)]))
      ),
      (
        "redis+sentinel://u:p@a,b:1/main%2F1/4",
        Meaning(
          topology: .sentinel(master: "main/1", [.host("a", port: 26379), .host("b", port: 1)]), user: "u",
          password: "p", database: 4)
      ),
    ])
  func meanings(_ url: String, _ meaning: Meaning) throws {
    let configuration = try RedisConfiguration(url: url)
    #expect(configuration.topology == meaning.topology)
    #expect(configuration.user == meaning.user)
    #expect(configuration.password == meaning.password)
    #expect(configuration.database == meaning.database)
  }

  @Test(
    "is refused where it makes no sense, and nothing of it is quoted",
    arguments: [
      "", "secret", "http://secret", "redis://", "redis://:secret", "redis://secret@h", "redis://h:0",
      "redis://h:65536", "redis://h:secret", "redis://h/secret", "redis://h/-1", "redis://h/0/secret",
      "redis://a,b", "redis://u:%zz@h", "redis://u:%f@h", "redis://u:%ff@h", "redis://[secret",
      "redis://[::1]x",
      "redis+unix://secret/path", "redis+unix://", "redis+unix:///p?secret=1", "redis+cluster://a/1",
      "redis+cluster://", "redis+cluster://a,,b", "redis+sentinel://a", "redis+sentinel://a/",
      "redis+sentinel://a/m/0/secret",
    ])
  func nonsense(_ url: String) {
    let error = #expect(throws: TokyoDataError.self) { try RedisConfiguration(url: url) }
    #expect(error?.code == .invalidArgument)
    #expect(error.map { String(reflecting: $0).contains("secret") } == false)
  }

  @Test("asks for TLS in vain, and says what to do")
  func tls() {
    let error = #expect(throws: TokyoDataError.self) { try RedisCache("rediss://u:secret@h") }
    #expect(error?.code == .invalidArgument)
    #expect(error?.message.contains("no TLS") == true)
    #expect(error?.message.contains("stunnel") == true)
  }

  @Test("shows nothing of itself as a configuration, printed, debugged or dumped")
  func secrets() throws {
    let configuration = try RedisConfiguration(url: "redis://secret:secret@secret:1/1")
    var dumped = ""
    dump(configuration, to: &dumped)
    dump(configuration.topology, to: &dumped)
    for text in ["\(configuration)", String(reflecting: configuration), dumped, "\(configuration.topology)"] {
      #expect(!text.contains("secret"), "\(text)")
    }
  }

  @Test("every limit that makes no sense is refused")
  func limits() {
    let changes: [(inout RedisConfiguration) -> Void] = [
      { $0.clientName = "a b" }, { $0.clientName = "é" }, { $0.database = -1 }, { $0.user = "sam" },
      { $0.connectTimeout = .zero }, { $0.commandTimeout = .zero }, { $0.maximumPendingCommands = 0 },
      { $0.maximumPendingBytes = 0 }, { $0.maximumReplyBytes = 0 }, { $0.failuresUntilPause = 0 },
      { $0.shortestPause = .zero }, { $0.longestPause = .milliseconds(1) }, { $0.topology = .cluster([]) },
      { $0.topology = .sentinel(master: "", [.host("a", port: 1)]) },
      { $0.topology = .sentinel(master: "m", []) },
      {
        $0.topology = .cluster([.host("a", port: 1)])
        $0.database = 1
      },
    ]
    for (index, change) in changes.enumerated() {
      var configuration = RedisConfiguration(.single(.host("a", port: 1)))
      change(&configuration)
      #expect(throws: TokyoDataError.self, "change \(index)") { try RedisCache(configuration) }
    }
  }
}

import Testing

@testable import TokyoDataRedis

@Suite("What a cluster says of its slots")
struct SlotMapTests {
  private let asked = RedisEndpoint.host("asked", port: 6379)

  private static func node(_ host: String, _ port: Int64) -> RedisReply {
    .array([.bytes(Array(host.utf8)), .integer(port), .bytes(Array("id".utf8)), .array([])])
  }

  private static func range(_ first: Int64, _ last: Int64, _ nodes: RedisReply...) -> RedisReply {
    .array([.integer(first), .integer(last)] + nodes)
  }

  @Test("each slot has the first server of its range")
  func owners() throws {
    let reply = RedisReply.array([
      Self.range(0, 5460, Self.node("a", 1), Self.node("r", 9)), Self.range(5461, 5461, Self.node("", 2)),
      Self.range(10923, 16383, Self.node("a", 1)),
    ])
    var map = try #require(SlotMap(reply, asked: asked))
    #expect(map.servers == [.host("a", port: 1), .host("asked", port: 2)])
    #expect(map.server(of: 0) == .host("a", port: 1))
    #expect(map.server(of: 5460) == .host("a", port: 1))
    #expect(map.server(of: 5461) == .host("asked", port: 2))
    #expect(map.server(of: 5462) == nil)
    #expect(map.server(of: 16383) == .host("a", port: 1))
    map.move(5462, to: .host("b", port: 3))
    map.move(0, to: .host("asked", port: 2))
    #expect(map.server(of: 5462) == .host("b", port: 3))
    #expect(map.server(of: 0) == .host("asked", port: 2))
    #expect(map.server(of: 1) == .host("a", port: 1))
  }

  @Test(
    "is not believed where it makes no sense",
    arguments: [
      .null, .integer(1), .array([]), .array([.null]), .array([range(0, 16384, node("a", 1))]),
      .array([range(-1, 5, node("a", 1))]), .array([range(5, 4, node("a", 1))]), .array([range(0, 5)]),
      .array([range(0, 5, .null)]), .array([range(0, 5, node("a", 0))]), .array([range(0, 5, node("?", 1))]),
      .array([range(.min, .max, node("a", 1))]),
    ] as [RedisReply])
  func nonsense(_ reply: RedisReply) {
    #expect(SlotMap(reply, asked: asked) == nil)
  }

  @Test(
    "redirects name a slot and a server",
    arguments: [
      ("MOVED 3999 127.0.0.1:6381", .moved(slot: 3999, to: .host("127.0.0.1", port: 6381))),
      ("MOVED 0 :6381", .moved(slot: 0, to: .host("asked", port: 6381))),
      ("MOVED 16383 ::1:7", .moved(slot: 16383, to: .host("::1", port: 7))),
      ("ASK 1 b:2", .ask(.host("b", port: 2))),
      ("TRYAGAIN later", .wait), ("CLUSTERDOWN Hash slot not served", .wait), ("MOVED", nil),
      ("MOVED 1", nil),
      ("MOVED 16384 a:1", nil), ("MOVED -1 a:1", nil), ("MOVED 1 a:0", nil), ("MOVED 1 a", nil),
      ("MOVED 1 ?:1", nil), ("ASK x a:1", nil), ("OOM", nil),
    ] as [(String, Redirect?)])
  func redirects(_ line: String, _ redirect: Redirect?) {
    #expect(Redirect(.error(RedisServerError(line: Array(line.utf8))), asked: asked) == redirect)
  }

  @Test("a result is no redirect")
  func result() {
    #expect(Redirect(.bytes(Array("MOVED 1 a:1".utf8)), asked: asked) == nil)
  }
}

/// Which server of a cluster holds which slots.
struct SlotMap: Sendable {
  private(set) var servers: [RedisEndpoint] = []
  /// The place in `servers` of each slot's server; nil where none holds it.
  private var owners: [UInt16?] = Array(repeating: nil, count: HashSlot.count)

  /// Reads the reply of `CLUSTER SLOTS`; nil for what is none, or where it names no server.
  ///
  /// - Parameter asked: The server that was asked, which leaves its own host out where it does not know it.
  init?(_ reply: RedisReply, asked: RedisEndpoint) {
    guard case .array(let ranges) = reply else { return nil }
    var places: [RedisEndpoint: UInt16] = [:]
    for range in ranges {
      guard case .array(let parts) = range, parts.count >= 3, case .integer(let first) = parts[0],
        case .integer(let last) = parts[1], case .array(let master) = parts[2],
        (0..<Int64(HashSlot.count)).contains(first), (first..<Int64(HashSlot.count)).contains(last)
      else { return nil }
      // A server whose host nobody knows cannot be asked; its slots are as good as not served.
      guard let server = RedisEndpoint(clusterNode: master, asked: asked) else { continue }
      if places[server] == nil {
        places[server] = UInt16(servers.count)
        servers.append(server)
      }
      for slot in first...last { owners[Int(slot)] = places[server] }
    }
    guard !servers.isEmpty else { return nil }
  }

  func server(of slot: Int) -> RedisEndpoint? {
    owners[slot].map { servers[Int($0)] }
  }

  /// Notes what a server said of one slot.
  mutating func move(_ slot: Int, to server: RedisEndpoint) {
    if let place = servers.firstIndex(of: server) {
      owners[slot] = UInt16(place)
    } else if servers.count < HashSlot.count {
      owners[slot] = UInt16(servers.count)
      servers.append(server)
    }
  }
}

extension RedisEndpoint {
  /// The server in an entry of `CLUSTER SLOTS`: host, port and more.
  fileprivate init?(clusterNode parts: [RedisReply], asked: RedisEndpoint) {
    guard parts.count >= 2, case .integer(let port) = parts[1], (1...65535).contains(port) else { return nil }
    switch parts[0] {
    case .bytes(let host):
      self.init(announced: String(decoding: host, as: UTF8.self), port: Int(port), asked: asked)
    case .null: self.init(announced: "", port: Int(port), asked: asked)
    default: return nil
    }
  }

  /// A server as another one tells it: without a host it is at the host of the one that was asked.
  init?(announced host: String, port: Int, asked: RedisEndpoint) {
    switch (host, asked) {
    case ("?", _): return nil
    case ("", .host(let host, _)): self = .host(host, port: port)
    case ("", .socket): return nil
    default: self = .host(host, port: port)
    }
  }
}

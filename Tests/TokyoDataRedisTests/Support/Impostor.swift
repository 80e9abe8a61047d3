import Foundation
import Metrics
import Synchronization

@testable import TokyoDataRedis

/// A server on the loopback interface whose answers are written down by the test, byte for byte.
///
/// Each connection runs the script on a thread of its own, and is closed when the script ends or throws.
final class Impostor: Sendable {
  private let listener: Int32
  private let port: Int
  private let threads = DispatchGroup()
  private let state = Mutex((peers: [Peer](), isStopped: false))

  var endpoint: RedisEndpoint { .host("127.0.0.1", port: port) }
  /// How many connections came in.
  var accepted: Int { state.withLock { $0.peers.count } }

  init(_ script: @escaping @Sendable (Peer) throws -> Void) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && getsockname(listener, $0, &length) == 0
          && listen(listener, 128) == 0
      }
    }
    guard isListening else { throw PeerGone() }
    self.listener = listener
    port = Int(UInt16(bigEndian: address.sin_port))
    run { impostor in
      while true {
        let descriptor = accept(impostor.listener, nil, nil)
        guard descriptor >= 0 else { return }
        let peer = Peer(descriptor)
        let isStopped = impostor.state.withLock { state in
          if !state.isStopped { state.peers.append(peer) }
          return state.isStopped
        }
        guard !isStopped else { return peer.end() }
        impostor.run { _ in
          try? script(peer)
          peer.end()
        }
      }
    }
  }

  func stop() {
    let peers = state.withLock { state in
      state.isStopped = true
      return state.peers
    }
    shutdown(listener, Int32(SHUT_RDWR))
    for peer in peers { peer.interrupt() }
    threads.wait()
    close(listener)
  }

  private func run(_ body: @escaping @Sendable (Impostor) -> Void) {
    threads.enter()
    Thread { [self] in
      body(self)
      threads.leave()
    }.start()
  }
}

/// One connection of an impostor.
final class Peer: Sendable {
  private let descriptor: Int32
  private let buffer = Mutex<[UInt8]>([])
  private let isOpen = Mutex(true)

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
  }

  func interrupt() {
    isOpen.withLock { if $0 { shutdown(descriptor, Int32(SHUT_RDWR)) } }
  }

  func end() {
    isOpen.withLock { isOpen in
      if isOpen { close(descriptor) }
      isOpen = false
    }
  }

  /// The words of the next command.
  func command() throws -> [String] {
    let count = try number(after: "*")
    return try (0..<count).map { _ in
      let length = try number(after: "$")
      return String(decoding: try take(length + 2).dropLast(2), as: UTF8.self)
    }
  }

  /// Answers what a new connection is told first.
  func greet() throws {
    guard try command() == ["CLIENT", "SETNAME", "tokyo-data"], try command() == ["PING"] else {
      throw PeerGone()
    }
    try say("+OK\r\n+PONG\r\n")
  }

  func say(_ text: String) throws { try say(Array(text.utf8)) }

  func say(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { throw PeerGone() }
      rest = rest.dropFirst(count)
    }
  }

  /// Returns when the other side has closed.
  func outlast() throws { while true { _ = try take(1) } }

  private func number(after sign: Character) throws -> Int {
    var line = ""
    while !line.hasSuffix("\r\n") { line += String(decoding: try take(1), as: UTF8.self) }
    guard line.first == sign, let number = Int(line.dropFirst().dropLast(1)) else { throw PeerGone() }
    return number
  }

  private func take(_ count: Int) throws -> [UInt8] {
    try buffer.withLock { buffer in
      while buffer.count < count {
        var piece = [UInt8](repeating: 0, count: 65536)
        let received = recv(descriptor, &piece, piece.count, 0)
        guard received > 0 else { throw PeerGone() }
        buffer += piece.prefix(received)
      }
      defer { buffer.removeFirst(count) }
      return Array(buffer.prefix(count))
    }
  }
}

struct PeerGone: Error {}

/// Runs an impostor for the length of a test, and a cache that talks to it.
func withImpostor(
  metrics: any MetricsFactory = NOOPMetricsHandler.instance,
  _ script: @escaping @Sendable (Peer) throws -> Void,
  configure: (inout RedisConfiguration) -> Void = { _ in },
  _ body: (RedisCache, Impostor) async throws -> Void
) async throws {
  let impostor = try Impostor(script)
  defer { impostor.stop() }
  var configuration = RedisConfiguration(.single(impostor.endpoint))
  configuration.commandTimeout = .seconds(20)
  configuration.connectTimeout = .seconds(20)
  configure(&configuration)
  try await closing(try RedisCache(configuration, metricsFactory: metrics)) { try await body($0, impostor) }
}

/// Holds threads until it is opened.
final class ThreadGate: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)

  func open() { semaphore.signal() }

  func wait() {
    semaphore.wait()
    semaphore.signal()
  }
}

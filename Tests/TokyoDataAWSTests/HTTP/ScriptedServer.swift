import Dispatch
import Foundation
import Synchronization

/// A server of raw sockets whose answers are written down by the test, byte for byte.
///
/// Each connection runs the script on a thread of its own, and is closed when the script ends or throws.
final class ScriptedServer: Sendable {
  typealias Script = @Sendable (Peer) throws -> Void

  private struct State {
    var accepted = 0
    var open: [Int: Peer] = [:]
    var isStopped = false
  }

  let port: Int
  private let listener: Int32
  private let state = Mutex(State())
  private let threads = DispatchGroup()

  /// How many connections came in.
  var accepted: Int { state.withLock { $0.accepted } }

  convenience init(backlog: Int32 = 128, _ script: @escaping Script) throws {
    try self.init(on: BoundSocket(port: 0), backlog: backlog, script)
  }

  /// Serves at a socket that has its port already.
  init(on socket: BoundSocket, backlog: Int32 = 128, _ script: @escaping Script) throws {
    (listener, port) = (socket.descriptor, socket.port)
    guard Glibc.listen(listener, backlog) == 0 else { throw ServerFailure(text: "cannot listen") }
    run { server in
      while true {
        let descriptor = accept(server.listener, nil, nil)
        guard descriptor >= 0 else { return }
        let peer = Peer(descriptor)
        let number: Int? = server.state.withLock { state in
          guard !state.isStopped else { return nil }
          state.accepted += 1
          state.open[state.accepted] = peer
          return state.accepted
        }
        guard let number else { return peer.close() }
        server.run { server in
          try? script(peer)
          server.state.withLock { $0.open[number] = nil }
          peer.close()
        }
      }
    }
  }

  /// Ends every connection, and returns when the threads are done.
  func stop() {
    let open = state.withLock { state in
      state.isStopped = true
      return state.open
    }
    shutdown(listener, Int32(SHUT_RDWR))
    for peer in open.values { peer.interrupt() }
    threads.wait()
    close(listener)
  }

  private func run(_ body: @escaping @Sendable (ScriptedServer) -> Void) {
    threads.enter()
    let thread = Thread { [self] in
      body(self)
      threads.leave()
    }
    thread.start()
  }

  /// An address of this machine.
  static func address(port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    address.sin_port = in_port_t(port).bigEndian
    return address
  }
}

/// A socket that has a port of this machine, and whose owner closes it.
struct BoundSocket {
  let descriptor: Int32
  let port: Int

  /// - Parameters:
  ///   - port: 0 for any that is free.
  ///   - isShared: Other sockets that say so too may have the same port.
  init(port: Int, isShared: Bool = false) throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var shares: Int32 = isShared ? 1 : 0
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &shares, socklen_t(MemoryLayout<Int32>.size))
    var address = ScriptedServer.address(port: port)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard isBound else {
      close(descriptor)
      throw ServerFailure(text: "port \(port) is not to be had")
    }
    self.descriptor = descriptor
    self.port = Int(UInt16(bigEndian: address.sin_port))
  }
}

/// Runs a server for the length of a test.
@discardableResult
func withServer<Result>(
  backlog: Int32 = 128, _ script: @escaping ScriptedServer.Script,
  _ body: (ScriptedServer) async throws -> Result
) async throws -> Result {
  let server = try ScriptedServer(backlog: backlog, script)
  do {
    let result = try await body(server)
    server.stop()
    return result
  } catch {
    server.stop()
    throw error
  }
}

struct ServerFailure: Error {
  var text: String
}

/// What a request looked like on the wire.
struct ReceivedRequest: Sendable {
  var line: String
  var fields: [String]

  func value(_ name: String) -> String? {
    fields.first { $0.lowercased().hasPrefix(name + ":") }
      .map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
  }

  var length: Int { Int(value("content-length") ?? "") ?? 0 }
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

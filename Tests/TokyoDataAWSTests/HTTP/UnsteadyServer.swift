import Foundation
import Synchronization

/// A server that goes down and comes up again at the same port.
///
/// Down means that connections are refused, and that those there were are closed. A socket that never listens keeps
/// the port ours meanwhile.
final class UnsteadyServer: Sendable {
  let port: Int
  private let place: Int32
  private let script: ScriptedServer.Script
  private let server: Mutex<ScriptedServer?>

  /// Makes a server that is up.
  init(_ script: @escaping ScriptedServer.Script) throws {
    let reserved = try BoundSocket(port: 0, isShared: true)
    (place, port) = (reserved.descriptor, reserved.port)
    self.script = script
    server = Mutex(nil)
    try up()
  }

  deinit {
    down()
    close(place)
  }

  func up() throws {
    try server.withLock { server in
      guard server == nil else { return }
      server = try ScriptedServer(on: BoundSocket(port: port, isShared: true), script)
    }
  }

  func down() {
    server.withLock { $0.take() }?.stop()
  }

  /// Connections that came in since it is up.
  var accepted: Int { server.withLock { $0?.accepted } ?? 0 }
}

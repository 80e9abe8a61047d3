import Foundation

/// Runs `openssl s_server`, which answers every request with a page about its TLS session.
///
/// The body gets its port and the file of its certificate, which names what `names` says, such as
/// `IP:127.0.0.1`, and is signed by itself.
@discardableResult
func withTLSServer<Result>(
  for names: String, _ options: [String] = [],
  _ body: (_ port: Int, _ certificate: String) async throws -> Result
) async throws -> Result {
  let certificate = try Certificate(for: names)
  let server = try ChildServer(
    [
      "openssl", "s_server", "-www", "-accept", "127.0.0.1:0", "-cert", certificate.path, "-key",
      certificate.keyPath,
    ]
      + options, namingPortAfter: "ACCEPT")
  return try await body(server.port, certificate.path)
}

/// Runs a server that speaks HTTP/2 and HTTP/1.1 over TLS, for 127.0.0.1, and answers with which of them it was.
///
/// It ends a connection of HTTP/2 when a request comes after so many.
@discardableResult
func withHTTP2Server<Result>(
  requestsPerConnection: Int, _ body: (_ port: Int, _ certificate: String) async throws -> Result
) async throws -> Result {
  let certificate = try Certificate(for: "IP:127.0.0.1")
  let server = try ChildServer(
    ["python3", "-c", http2Server, certificate.path, certificate.keyPath, "\(requestsPerConnection)"],
    namingPortAfter: "PORT")
  return try await body(server.port, certificate.path)
}

/// A server in a process of its own, which says on its output at which port.
private struct ChildServer: ~Copyable {
  let port: Int
  private let process: Process
  private let output: Pipe

  init(_ command: [String], namingPortAfter word: String) throws {
    process = Process()
    output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    var text = ""
    while true {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      if let line = lines.first(where: { $0.hasPrefix(word) }) {
        guard let port = line.split(whereSeparator: { ": ".contains($0) }).last.flatMap({ Int($0) }) else {
          throw ServerFailure(text: "\(command[0]) names no port")
        }
        self.port = port
        return
      }
      let more = output.fileHandleForReading.availableData
      guard !more.isEmpty else { throw ServerFailure(text: "\(command[0]) does not start") }
      text += String(decoding: more, as: UTF8.self)
    }
  }

  deinit {
    // Threads of libdispatch block other signals, and their children inherit that.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}

/// HTTP/2 as far as our requests need it: heads come in one frame, and what they say does not matter.
private let http2Server = """
  import socket, ssl, sys, threading

  context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
  context.load_cert_chain(sys.argv[1], sys.argv[2])
  context.set_alpn_protocols(["h2", "http/1.1"])
  listener = socket.create_server(("127.0.0.1", 0))
  print("PORT", listener.getsockname()[1], flush=True)

  def frame(kind, flags, stream, payload=b""):
      return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload

  def plain(connection, lines):
      while lines.readline():
          length = 0
          while (line := lines.readline().strip().lower()):
              if line.startswith(b"content-length:"):
                  length = int(line[15:])
          lines.read(length)
          connection.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 8\\r\\n\\r\\nHTTP/1.1")

  def multiplexed(connection, frames):
      frames.read(24)
      connection.sendall(frame(4, 0, 0))
      answered = last = 0
      while len(head := frames.read(9)) == 9:
          kind, flags, stream = head[3], head[4], int.from_bytes(head[5:], "big")
          payload = frames.read(int.from_bytes(head[:3], "big"))
          if kind in (4, 6) and not flags & 1:
              connection.sendall(frame(kind, 1, 0, payload if kind == 6 else b""))
          if kind in (0, 1) and flags & 1:
              if answered == int(sys.argv[3]):
                  connection.sendall(frame(7, 0, 0, last.to_bytes(4, "big") + bytes(4)))
                  return
              answered, last = answered + 1, stream
              # 0x88 stands for the status 200.
              connection.sendall(frame(1, 4, stream, b"\\x88") + frame(0, 1, stream, b"HTTP/2"))

  def serve(connection):
      try:
          with context.wrap_socket(connection, server_side=True) as connection:
              talk = multiplexed if connection.selected_alpn_protocol() == "h2" else plain
              talk(connection, connection.makefile("rb"))
      except OSError:
          pass

  while True:
      threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
  """

/// A certificate that signs itself, in a folder that goes with it.
private struct Certificate: ~Copyable {
  let folder: URL
  var path: String { folder.appending(path: "certificate.pem").path }
  var keyPath: String { folder.appending(path: "key.pem").path }

  /// For names such as `IP:127.0.0.1`.
  init(for names: String) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "tokyo-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = [
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
      "-subj",
      "/CN=test", "-addext", "subjectAltName=\(names)", "-keyout", keyPath, "-out", path,
    ]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw ServerFailure(text: "openssl makes no certificate") }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }
}

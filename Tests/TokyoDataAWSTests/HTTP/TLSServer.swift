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
  let server = try TLSServer(certificate, options)
  return try await body(server.port, certificate.path)
}

/// A running `openssl s_server`.
private struct TLSServer: ~Copyable {
  let port: Int
  private let process: Process
  private let output: Pipe

  /// Runs with a certificate in a folder; `options` are the program's own.
  init(_ certificate: borrowing Certificate, _ options: [String] = []) throws {
    process = Process()
    output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments =
      ["s_server", "-www", "-accept", "127.0.0.1:0", "-cert", certificate.path, "-key", certificate.keyPath]
      + options
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    var text = ""
    while !text.contains("\n") || !text.contains("ACCEPT") {
      let more = output.fileHandleForReading.availableData
      guard !more.isEmpty else { throw ServerFailure(text: "openssl s_server does not start") }
      text += String(decoding: more, as: UTF8.self)
    }
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("ACCEPT") }),
      let port = line.split(separator: ":").last.flatMap({ Int($0.trimmingCharacters(in: .whitespaces)) })
    else { throw ServerFailure(text: "openssl s_server names no port") }
    self.port = port
  }

  deinit {
    // Threads of libdispatch block other signals, and their children inherit that.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}

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

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A program that runs beside us, and what it writes to its output.
///
/// Its input is empty and its messages go nowhere. Nobody blocks while it runs: output and end are looked
/// for now and then, so the caller may be canceled at any time.
struct ChildProcess: ~Copyable {
  private let id: pid_t
  private let output: Int32
  private var hasEnded = false

  enum Problem: Error, Hashable, Sendable {
    case cannotStart
    case tooMuchOutput
    case tookTooLong
  }

  /// How a program ended.
  struct Outcome: Sendable {
    /// Nil where a signal ended it.
    var status: Int32?
    var output: [UInt8]
  }

  /// Runs a program to its end; it and what it started are killed where it does not come to one.
  ///
  /// - Parameter words: The program, which is looked for in `PATH`, and its arguments; no shell sees them.
  /// - Throws: `Problem`; `CancellationError`.
  static func run(
    _ words: [String], environment: [String: String], timeout: Duration, outputLimit: Int
  ) async throws -> Outcome {
    var child = try ChildProcess(words, environment)
    let end = ContinuousClock.now + timeout
    var bytes: [UInt8] = []
    var pause = Duration.milliseconds(1)
    while true {
      // The end first: what was written before it is in the pipe by then.
      let status = child.endStatus()
      try child.read(into: &bytes, upTo: outputLimit)
      if let status { return Outcome(status: status.code, output: bytes) }
      guard ContinuousClock.now < end else { throw Problem.tookTooLong }
      try await Task.sleep(for: pause)
      pause = min(pause * 2, .milliseconds(25))
    }
  }

  private init(_ words: [String], _ environment: [String: String]) throws(Problem) {
    let settings = environment.map { "\($0.key)=\($0.value)" }
    // C would take what precedes a zero byte for the whole.
    guard let program = words.first, !program.isEmpty,
      (words + settings).allSatisfy({ !$0.utf8.contains(0) })
    else { throw .cannotStart }
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .cannotStart }
    defer { close(ends[1]) }
    // Neither end may reach other programs, which would keep the pipe open.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
    guard let id = SpawnActions(output: ends[1]).spawn(program, words, settings) else {
      close(ends[0])
      throw .cannotStart
    }
    self.id = id
    output = ends[0]
  }

  deinit {
    close(output)
    guard !hasEnded else { return }
    // It leads a group of its own, so this reaches what it started too.
    kill(-id, SIGKILL)
    let id = id
    Task.detached {
      var status: Int32 = 0
      while waitpid(id, &status, WNOHANG) == 0 { try? await Task.sleep(for: .milliseconds(10)) }
    }
  }

  /// How it ended; nil while it runs.
  private mutating func endStatus() -> (code: Int32?, Void)? {
    var status: Int32 = 0
    let result = waitpid(id, &status, WNOHANG)
    if result == 0 || (result < 0 && errno == EINTR) { return nil }
    hasEnded = true
    // Where the process ignores the ends of its children nobody knows the status: the output must do.
    if result < 0 { return (0, ()) }
    return (status & 0x7F == 0 ? (status >> 8) & 0xFF : nil, ())
  }

  /// Adds what has been written and not yet read.
  private func read(into bytes: inout [UInt8], upTo limit: Int) throws(Problem) {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = buffer.withUnsafeMutableBytes { readBytes(output, $0) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      guard bytes.count + count <= limit else { throw .tooMuchOutput }
      bytes += buffer[..<count]
    }
  }
}

/// The C function, which the method of the same name would hide.
private func readBytes(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
  guard let start = buffer.baseAddress else { return 0 }
  return read(descriptor, start, buffer.count)
}

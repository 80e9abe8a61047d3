internal import CLibPQ

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// Sending and receiving, none of which ever waits: what cannot go on says so.
extension ServerLink {
  /// Sends one or more commands without parameters.
  func send(script: String) throws(PostgresError) {
    try sent(PQsendQuery(pointer, script))
  }

  /// Sends one command with its parameters.
  func send(_ sql: String, _ parameters: [EncodedParameter], binaryResults: Bool) throws(PostgresError) {
    let types = parameters.map(\.type.oid)
    try sent(
      parameters.withCParameters { values, lengths, formats in
        PQsendQueryParams(
          pointer, sql, Int32(types.count), types, values, lengths, formats, binaryResults ? 1 : 0)
      })
  }

  /// Sends a command to be prepared under a name, which may be empty.
  func sendPrepare(_ name: String, _ sql: String, types: [PostgresType]) throws(PostgresError) {
    try sent(PQsendPrepare(pointer, name, sql, Int32(types.count), types.map(\.oid)))
  }

  /// Asks what a prepared command returns.
  func sendDescribe(_ name: String) throws(PostgresError) {
    try sent(PQsendDescribePrepared(pointer, name))
  }

  /// Runs a prepared command.
  func sendPrepared(
    _ name: String, _ parameters: [EncodedParameter], binaryResults: Bool
  ) throws(PostgresError) {
    try sent(
      parameters.withCParameters { values, lengths, formats in
        PQsendQueryPrepared(
          pointer, name, Int32(parameters.count), values, lengths, formats, binaryResults ? 1 : 0)
      })
  }

  /// From here on commands are sent before the answers of those before them have come.
  func enterPipeline() throws(PostgresError) { try sent(PQenterPipelineMode(pointer)) }

  var isInPipeline: Bool { PQpipelineStatus(pointer) != PQ_PIPELINE_OFF }

  /// Back to one command at a time; all answers must have been read.
  func exitPipeline() throws(PostgresError) { try sent(PQexitPipelineMode(pointer)) }

  /// Ends a group of commands in a pipeline: what fails takes the rest of its group along, nothing else.
  func endGroup() throws(PostgresError) { try sent(PQpipelineSync(pointer)) }

  /// From here on the running command's rows come one by one.
  mutating func setSingleRowMode() throws(PostgresError) {
    try sent(PQsetSingleRowMode(pointer))
    wasSetToSingleRows = true
  }

  /// Whether rows came one by one since this was asked last: libpq forgets it with the next command, but for
  /// the first one of a pipeline.
  mutating func takeSingleRowMode() -> Bool {
    defer { wasSetToSingleRows = false }
    return wasSetToSingleRows
  }

  private func sent(_ status: Int32) throws(PostgresError) {
    guard status == 1 else {
      throw failure(isOpen ? .invalidStatement : .connectionLost, "libpq could not send a command")
    }
  }

  /// Hands waiting bytes to the socket; true when none is left.
  func flush() throws(PostgresError) -> Bool {
    switch PQflush(pointer) {
    case 0: return true
    case 1: return false
    default: throw failure(.connectionLost, "the session ended while a command was sent")
    }
  }

  /// The socket has something that was not taken in, if only its end.
  var hasInput: Bool {
    var looked = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
    return poll(&looked, 1, 0) != 0
  }

  /// Takes in what the socket has.
  func consumeInput() throws(PostgresError) {
    guard PQconsumeInput(pointer) == 1 else {
      throw failure(.connectionLost, "the session ended while a command ran")
    }
  }

  /// The next result is not complete yet.
  var isBusy: Bool { PQisBusy(pointer) == 1 }

  /// The next result of the running command, nil when there is none any more; not to be called while busy.
  func nextResult() -> ServerResult? {
    guard let result = PQgetResult(pointer) else { return nil }
    return ServerResult(owning: result)
  }

  enum CopyProgress: ~Copyable {
    case message(CopyMessage)
    case needsInput
    case ended
  }

  /// The next message of a COPY TO STDOUT.
  func nextCopyMessage() throws(PostgresError) -> CopyProgress {
    var start: UnsafeMutablePointer<CChar>?
    let count = PQgetCopyData(pointer, &start, 1)
    switch count {
    case 0: return .needsInput
    case -1: return .ended
    case 1...:
      guard let start else { throw failure(.protocolViolation, "a COPY message without bytes") }
      return .message(CopyMessage(owning: start, count: Int(count)))
    default: throw failure(.connectionLost, "the session ended while a COPY ran")
    }
  }

  /// Queues bytes of a COPY FROM STDIN; false when the queue is full.
  func putCopy(_ bytes: UnsafeRawBufferPointer) throws(PostgresError) -> Bool {
    switch PQputCopyData(
      pointer, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(clamping: bytes.count))
    {
    case 1: return true
    case 0: return false
    default: throw failure(.connectionLost, "the session ended while a COPY ran")
    }
  }

  /// Ends a COPY FROM STDIN, as a failure where `abort` says why; false when the queue is full.
  func endCopy(abort: String?) throws(PostgresError) -> Bool {
    switch PQputCopyEnd(pointer, abort) {
    case 1: return true
    case 0: return false
    default: throw failure(.connectionLost, "the session ended while a COPY ran")
    }
  }
}

extension [EncodedParameter] {
  /// Lends the parameters in libpq's form: values, lengths, formats.
  fileprivate func withCParameters<Result>(
    _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<Int32>, UnsafePointer<Int32>) -> Result
  ) -> Result {
    // All values end to end, each with a zero behind it: libpq reads texts up to that zero.
    var arena: [CChar] = []
    var starts: [Int?] = []
    for parameter in self {
      guard let bytes = parameter.bytes else {
        starts.append(nil)
        continue
      }
      starts.append(arena.count)
      for byte in bytes { arena.append(CChar(bitPattern: byte)) }
      arena.append(0)
    }
    let lengths = map { Int32(clamping: $0.bytes?.count ?? 0) }
    let formats: [Int32] = map { $0.isBinary ? 1 : 0 }
    return arena.withUnsafeBufferPointer { arena in
      let values = starts.map { start in start.flatMap { arena.baseAddress?.advanced(by: $0) } }
      // Empty arrays have no base address, so one element stands behind the last.
      return body(values + [nil], lengths + [0], formats + [0])
    }
  }
}

internal import Synchronization

/// Where the task that sends a request and the transport's thread meet: what came in and waits for its
/// reader, what is to go out, and how it ended.
///
/// Everything lies behind one mutex, and continuations are resumed outside of it. Each continuation is in
/// the state or with whoever took it out, so it is resumed exactly once.
final class Exchange: Sendable {
  struct State {
    var head: HTTPResponse?
    /// Waiting for the reader, `waiting` bytes in all.
    var pieces: [[UInt8]] = []
    var waiting = 0
    /// The thread holds the transfer up until the reader has caught up.
    var isHeldUp = false
    /// After the last piece; failures of the network come after what arrived before them.
    var end: Result<Void, any Error>?
    /// At once, instead of all that waits: the task was canceled, or its producer failed.
    var abort: (any Error)?
    var headReader: CheckedContinuation<HTTPResponse, any Error>?
    var pieceReader: CheckedContinuation<[UInt8]?, any Error>?
    var upload = Upload()
    /// The thread has no handle for it any more.
    var isGone = false
    var removal: CheckedContinuation<Void, Never>?
  }

  let state = Mutex(State())
  let request: WireRequest
  let limits: HTTPLimits
  let loop: CurlLoop

  init(_ request: WireRequest, within limits: HTTPLimits, on loop: CurlLoop) {
    self.request = request
    self.limits = limits
    self.loop = loop
  }
}

// MARK: - The task's side

extension Exchange {
  /// The response's head, once.
  func head() async throws -> HTTPResponse {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let step = state.withLock { state -> Result<HTTPResponse, any Error>? in
          let step = state.takeHead()
          if step == nil { state.headReader = continuation }
          return step
        }
        if let step { continuation.resume(with: step) }
      }
    } onCancel: {
      abort(CancellationError())
    }
  }

  /// Ends it for the task at once; the thread lets go of it when it hears of that.
  func abort(_ error: any Error) {
    let (head, piece, producer) = state.withLock { state in
      if state.abort == nil { state.abort = error }
      state.pieces = []
      state.waiting = 0
      state.upload.isOver = true
      defer { (state.headReader, state.pieceReader, state.upload.producer) = (nil, nil, nil) }
      return (state.headReader, state.pieceReader, state.upload.producer)
    }
    head?.resume(throwing: error)
    piece?.resume(throwing: error)
    producer?.resume(returning: false)
  }

  /// Returns when the thread has let go of it: nothing of the transfer runs any more.
  func remove() async {
    let isGone = state.withLock { state in
      state.upload.isOver = true
      return state.isGone
    }
    guard !isGone else { return }
    loop.order(.remove(self))
    await withCheckedContinuation { continuation in
      let isGone = state.withLock { state in
        if !state.isGone { state.removal = continuation }
        return state.isGone
      }
      if isGone { continuation.resume() }
    }
  }
}

extension Exchange: HTTPResponseBody {
  func next() async throws -> [UInt8]? {
    // What is there already costs no suspension.
    if !Task.isCancelled {
      let (step, goesOn) = state.withLock { state in (state.takePiece(), state.letsGoOn()) }
      if goesOn { loop.order(.receive(self)) }
      if let step { return try step.get() }
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let (step, goesOn) = state.withLock { state -> (Result<[UInt8]?, any Error>?, Bool) in
          let step = state.takePiece()
          if step == nil { state.pieceReader = continuation }
          return (step, state.letsGoOn())
        }
        if goesOn { loop.order(.receive(self)) }
        if let step { continuation.resume(with: step) }
      }
    } onCancel: {
      abort(CancellationError())
    }
  }
}

extension Exchange.State {
  /// Nil where the reader has to wait.
  fileprivate mutating func takeHead() -> Result<HTTPResponse, any Error>? {
    if let abort { return .failure(abort) }
    // One task reads, so a second continuation would take the place of the first.
    if headReader != nil || pieceReader != nil { return .failure(HTTPError(.invalidRequest)) }
    if let head { return .success(head) }
    guard case .failure(let error)? = end else { return nil }
    return .failure(error)
  }

  /// Nil where the reader has to wait.
  fileprivate mutating func takePiece() -> Result<[UInt8]?, any Error>? {
    if let abort { return .failure(abort) }
    if headReader != nil || pieceReader != nil { return .failure(HTTPError(.invalidRequest)) }
    if !pieces.isEmpty {
      let piece = pieces.removeFirst()
      waiting -= piece.count
      return .success(piece)
    }
    return end.map { $0.map { nil } }
  }

  /// True, once, when a transfer that was held up may go on.
  fileprivate mutating func letsGoOn() -> Bool {
    guard isHeldUp, waiting <= CurlSizes.piece else { return false }
    isHeldUp = false
    return true
  }
}

// MARK: - The thread's side

extension Exchange {
  /// Hands on a head.
  func deliver(_ head: HTTPResponse) {
    let reader = state.withLock { state in
      state.head = head
      defer { state.headReader = nil }
      return state.headReader
    }
    reader?.resume(returning: head)
  }

  /// Hands on a piece that is not empty; true where the transfer is to be held up until the reader has caught up.
  func deliver(_ piece: [UInt8]) -> Bool {
    let (reader, isHeldUp) = state.withLock { state -> (CheckedContinuation<[UInt8]?, any Error>?, Bool) in
      guard state.abort == nil else { return (nil, state.isHeldUp) }
      if let reader = state.pieceReader {
        state.pieceReader = nil
        return (reader, state.isHeldUp)
      }
      state.waiting += piece.count
      if let last = state.pieces.last, last.count + piece.count <= CurlSizes.piece {
        // Bytes that trickle in must not become a crowd of arrays.
        state.pieces[state.pieces.count - 1] += piece
      } else {
        state.pieces.append(piece)
      }
      if state.waiting >= CurlSizes.waiting { state.isHeldUp = true }
      return (nil, state.isHeldUp)
    }
    reader?.resume(returning: piece)
    return isHeldUp
  }

  /// Hands on the end; the thread has let go of the transfer already.
  func deliver(_ end: Result<Void, any Error>) {
    let (head, piece, producer, removal) = state.withLock { state in
      if state.end == nil { state.end = end }
      state.isGone = true
      state.upload.isOver = true
      defer {
        (state.headReader, state.pieceReader, state.upload.producer, state.removal) = (nil, nil, nil, nil)
      }
      return (state.headReader, state.pieceReader, state.upload.producer, state.removal)
    }
    switch end {
    case .success:
      head?.resume(throwing: HTTPError(.invalidResponse))
      piece?.resume(returning: nil)
    case .failure(let error):
      head?.resume(throwing: error)
      piece?.resume(throwing: error)
    }
    producer?.resume(returning: false)
    removal?.resume()
  }
}

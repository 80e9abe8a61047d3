internal import Synchronization

extension Exchange {
  /// The piece of a streamed body that is on its way to the thread.
  struct Upload {
    var piece: [UInt8]?
    /// Waits until the thread has taken the piece and handed all of it to libcurl; hears whether to go on.
    var producer: CheckedContinuation<Bool, Never>?
    /// The thread found no piece and holds the sending up.
    var isHeldUp = false
    /// Nobody takes pieces any more.
    var isOver = false
  }

  /// Brings the pieces of a streamed body to the thread, in the task that sends the request or a child of it.
  func produce(_ length: Int, _ next: @Sendable () async throws -> [UInt8]?) async {
    var left = length
    do {
      while left > 0 {
        guard let piece = try await next() else { throw HTTPError(.invalidBody) }
        guard piece.count <= left else { throw HTTPError(.invalidBody) }
        left -= piece.count
        guard !piece.isEmpty else { continue }
        guard await offer(piece) else { return }
      }
    } catch {
      // A body that breaks off breaks the request off, unless that is over already.
      if state.withLock({ !$0.upload.isOver }) { abort(error) }
    }
  }

  /// Returns when the piece is with libcurl; false where no more is wanted.
  private func offer(_ piece: [UInt8]) async -> Bool {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let (isOver, goesOn) = state.withLock { state in
          guard !state.upload.isOver else { return (true, false) }
          state.upload.piece = piece
          state.upload.producer = continuation
          defer { state.upload.isHeldUp = false }
          return (false, state.upload.isHeldUp)
        }
        if isOver { continuation.resume(returning: false) }
        if goesOn { loop.order(.send(self)) }
      }
    } onCancel: {
      let producer = state.withLock { state in
        state.upload.isOver = true
        defer { state.upload.producer = nil }
        return state.upload.producer
      }
      producer?.resume(returning: false)
    }
  }

  /// The piece that waits, for the thread; nil holds the sending up until there is one.
  func takeUpload() -> [UInt8]? {
    state.withLock { state in
      guard let piece = state.upload.piece else {
        state.upload.isHeldUp = true
        return nil
      }
      state.upload.piece = nil
      return piece
    }
  }

  /// Tells the producer that its piece is with libcurl.
  func uploadTaken() {
    let producer = state.withLock { state in
      defer { state.upload.producer = nil }
      return state.upload.producer
    }
    producer?.resume(returning: true)
  }
}

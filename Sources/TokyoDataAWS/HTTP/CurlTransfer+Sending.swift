internal import CCurl

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// How far a request's body has gone out.
struct OutgoingBody {
  /// For a body of pieces: which is next.
  var index = 0
  /// What is on its way, and how much of it is gone.
  var piece: ArraySlice<UInt8> = []
  var sent = 0
  /// Bytes of a stream went out, so it cannot begin again.
  var isBegun = false
}

extension CurlTransfer {
  /// Fills libcurl's buffer, or says that the sending is to wait.
  fileprivate func send(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    var filled = 0
    while filled < buffer.count {
      if outgoing.sent == outgoing.piece.count, !nextPiece() { break }
      let count = min(buffer.count - filled, outgoing.piece.count - outgoing.sent)
      outgoing.piece.withUnsafeBytes { piece in
        guard let from = piece.baseAddress, let to = buffer.baseAddress else { return }
        memcpy(to + filled, from + outgoing.sent, count)
      }
      filled += count
      outgoing.sent += count
      if outgoing.sent == outgoing.piece.count { pieceIsGone() }
    }
    guard filled == 0 else { return filled }
    switch exchange.request.body {
    case .none, .bytes: return 0
    case .stream:
      isSendingHeldUp = true
      return Int(CURL_READFUNC_PAUSE)
    }
  }

  /// Finds the next piece; false where there is none, or none yet.
  private func nextPiece() -> Bool {
    switch exchange.request.body {
    case .none: return false
    case .bytes(let pieces):
      while outgoing.index < pieces.count {
        outgoing.piece = pieces[outgoing.index]
        outgoing.sent = 0
        outgoing.index += 1
        if !outgoing.piece.isEmpty { return true }
      }
      return false
    case .stream:
      // A piece in hand is sent before the next is waited for.
      guard let piece = exchange.takeUpload() else { return false }
      outgoing.piece = piece[...]
      outgoing.sent = 0
      outgoing.isBegun = true
      return true
    }
  }

  /// All of the piece is with libcurl.
  private func pieceIsGone() {
    outgoing.piece = []
    outgoing.sent = 0
    if case .stream = exchange.request.body { exchange.uploadTaken() }
  }

  /// Begins the body again, where that can be done.
  fileprivate func rewind() -> Bool {
    guard exchange.request.isResendable else { return false }
    switch exchange.request.body {
    case .none, .bytes:
      outgoing = OutgoingBody()
      return true
    case .stream: return !outgoing.isBegun
    }
  }
}

/// libcurl's callback for bytes to send.
func sendBody(
  _ start: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ transfer: UnsafeMutableRawPointer?
) -> Int {
  guard let start, let transfer else { return Int(CURL_READFUNC_ABORT) }
  // Borrowed: the driver holds the transfer while its handle lives.
  let me = Unmanaged<CurlTransfer>.fromOpaque(transfer).takeUnretainedValue()
  return me.send(into: UnsafeMutableRawBufferPointer(start: start, count: size * count))
}

/// libcurl's callback to go back to the beginning of the body.
func rewindBody(_ transfer: UnsafeMutableRawPointer?, _ offset: curl_off_t, _ origin: Int32) -> Int32 {
  guard let transfer, offset == 0, origin == SEEK_SET else { return CURL_SEEKFUNC_FAIL }
  // Borrowed: the driver holds the transfer while its handle lives.
  let me = Unmanaged<CurlTransfer>.fromOpaque(transfer).takeUnretainedValue()
  return me.rewind() ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL
}

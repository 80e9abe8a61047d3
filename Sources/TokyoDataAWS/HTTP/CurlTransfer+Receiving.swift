internal import CCurl

extension CurlTransfer {
  /// Takes a line of a head; false breaks the transfer off.
  fileprivate func receive(header line: UnsafeRawBufferPointer) -> Bool {
    switch parser.add(line) {
    case .more: return true
    case .whole(let response):
      if response.status == 417, exchange.request.expectsContinue, refusal == nil {
        refusal = response
        return true
      }
      // Of two responses to one request neither can be trusted.
      guard !hasHead else { return false }
      (hasHead, head, refusal) = (true, response, nil)
      (filling, received) = ([], 0)
      return true
    case .invalid: return false
    }
  }

  /// Takes bytes of the body, all that libcurl has at once.
  ///
  /// Who does not read holds the transfer up after that. False where that would be too much, as may be with
  /// HTTP/2; then libcurl keeps them.
  fileprivate func receive(body bytes: UnsafeRawBufferPointer) -> Bool {
    overrun = isReceivingHeldUp ? overrun + bytes.count : 0
    guard overrun <= CurlSizes.overrun else { return false }
    if filling.count + bytes.count > CurlSizes.piece {
      // Who asks for so much after a refusal gets the rest of it cut off.
      guard hasHead else { return true }
      handOn()
    }
    if filling.isEmpty {
      // Known lengths get arrays that fit; a length that lies costs one piece at most.
      let left = (parser.contentLength ?? 0) - received
      filling.reserveCapacity(min(CurlSizes.piece, max(left, bytes.count)))
    }
    filling.append(contentsOf: bytes)
    received &+= bytes.count
    return true
  }

  /// Hands on what has come in.
  func handOn() {
    if let head {
      self.head = nil
      exchange.deliver(head)
    }
    guard !filling.isEmpty else { return }
    // Ours is gone before the reader has its own, so that nobody copies it.
    var piece: [UInt8] = []
    swap(&piece, &filling)
    guard exchange.deliver(piece), !isReceivingHeldUp else { return }
    // At once, also in the middle of a callback: libcurl reads on for as long as the socket has bytes.
    isReceivingHeldUp = true
    do { try applyPauses() } catch { failure = error }
  }

  /// Something has come in that is not handed on yet.
  var hasUnsettled: Bool { hasHead && (head != nil || !filling.isEmpty) }

  /// Hands on all there is, and how it ended.
  func conclude(_ end: Result<Void, any Error>) {
    // No second try came after the refusal.
    if !hasHead, let refusal { (hasHead, head) = (true, refusal) }
    // No handle is left to hold up.
    isReceivingHeldUp = true
    if hasHead { handOn() }
    if case .success = end, !hasHead {
      // To libcurl the connection may end within a head.
      exchange.deliver(.failure(HTTPError(.connectionLost)))
    } else {
      exchange.deliver(end)
    }
  }
}

/// libcurl's callback for a line of a head.
func receiveHeader(
  _ start: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ transfer: UnsafeMutableRawPointer?
) -> Int {
  guard let start, let transfer else { return 0 }
  // Borrowed: the driver holds the transfer while its handle lives.
  let me = Unmanaged<CurlTransfer>.fromOpaque(transfer).takeUnretainedValue()
  let length = size * count
  guard me.receive(header: UnsafeRawBufferPointer(start: start, count: length)) else {
    if me.failure == nil { me.failure = HTTPError(.invalidResponse) }
    return length &+ 1
  }
  return length
}

/// libcurl's callback for bytes of a body.
func receiveBody(
  _ start: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ transfer: UnsafeMutableRawPointer?
) -> Int {
  guard let start, let transfer else { return 0 }
  // Borrowed: the driver holds the transfer while its handle lives.
  let me = Unmanaged<CurlTransfer>.fromOpaque(transfer).takeUnretainedValue()
  let length = size * count
  let isTaken = me.receive(body: UnsafeRawBufferPointer(start: start, count: length))
  return isTaken ? length : Int(CURL_WRITEFUNC_PAUSE)
}

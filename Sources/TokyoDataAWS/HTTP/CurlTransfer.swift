internal import CCurl

/// One request while libcurl runs it: the thread's side of an exchange.
///
/// Not Sendable: only the transport's thread makes and touches it. libcurl's callbacks get an unretained
/// pointer to it; the driver holds it until its easy handle is gone, and no callback comes after that.
final class CurlTransfer {
  let exchange: Exchange
  var easy: EasyHandle
  /// Why a callback broke the transfer off.
  var failure: (any Error)?

  // Coming in: see CurlTransfer+Receiving.
  var parser = ResponseHeadParser()
  /// Whole, but not handed on yet.
  var head: HTTPResponse?
  /// There is one, handed on or not.
  var hasHead = false
  /// A response of 417, after which libcurl sends the request again without `expect`.
  var refusal: HTTPResponse?
  /// The piece that is being filled.
  var filling: [UInt8] = []
  var received = 0
  var isReceivingHeldUp = false
  /// Bytes that came in all the same.
  var overrun = 0

  // Going out: see CurlTransfer+Sending.
  var outgoing = OutgoingBody()
  var isSendingHeldUp = false

  // Time: see CurlTransfer+Limits.
  let deadline: ContinuousClock.Instant?
  var moved: (bytes: Int, at: ContinuousClock.Instant)

  /// A second try, after HTTP/2 failed.
  let isSecond: Bool

  /// Nil where there is no memory, or libcurl refuses an option.
  init?(_ exchange: Exchange, after first: CurlTransfer? = nil) {
    guard let easy = EasyHandle() else { return nil }
    self.easy = easy
    self.exchange = exchange
    let now = ContinuousClock.now
    deadline = first.map(\.deadline) ?? exchange.limits.total.map { now + $0 }
    moved = (0, now)
    isSecond = first != nil
    setTransport(exchange.loop.configuration, exchange.request)
    setRequest(exchange.loop.configuration, exchange.request)
    setCallbacks()
    guard self.easy.isSound else { return nil }
  }

  private func setTransport(_ configuration: CurlConfiguration, _ request: WireRequest) {
    // Without this, libcurl would handle timeouts of name resolution by signals.
    easy.set(CURLOPT_NOSIGNAL, true)
    // Else taking a transfer out while its name is being resolved would wait for that.
    easy.set(CURLOPT_QUICK_EXIT, true)
    easy.set(CURLOPT_PROTOCOLS_STR, "http,https")
    easy.set(CURLOPT_FOLLOWLOCATION, false)
    easy.set(CURLOPT_SSL_VERIFYPEER, true)
    easy.set(CURLOPT_SSL_VERIFYHOST, 2)
    easy.set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
    if let bundle = configuration.caBundle { easy.set(CURLOPT_CAINFO, bundle) }
    let isMultiplexed = configuration.allowsHTTP2 && request.suitsHTTP2 && !isSecond
    easy.set(CURLOPT_HTTP_VERSION, isMultiplexed ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1)
    easy.set(CURLOPT_BUFFERSIZE, CurlSizes.receiveBuffer)
    easy.set(CURLOPT_CONNECTTIMEOUT_MS, exchange.limits.connect.wholeMilliseconds)
    easy.set(CURLOPT_MAXAGE_CONN, max(1, configuration.keepAlive.wholeMilliseconds / 1000))
    easy.set(CURLOPT_TCP_KEEPALIVE, true)
    // A service of many addresses is asked at all of them.
    easy.set(CURLOPT_DNS_SHUFFLE_ADDRESSES, true)
    easy.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, true)
    if request.bypassesProxy {
      easy.set(CURLOPT_PROXY, "")
    } else {
      switch configuration.proxy {
      case .environment: break
      case .direct: easy.set(CURLOPT_PROXY, "")
      case .url(let proxy, let exceptions):
        easy.set(CURLOPT_PROXY, proxy)
        easy.set(CURLOPT_NOPROXY, exceptions)
      }
    }
  }

  private func setRequest(_ configuration: CurlConfiguration, _ request: WireRequest) {
    easy.set(CURLOPT_URL, request.url)
    easy.set(CURLOPT_PATH_AS_IS, true)
    easy.set(CURLOPT_USERAGENT, configuration.userAgent)
    if let length = request.length {
      easy.set(CURLOPT_UPLOAD, true)
      easy.setOffset(CURLOPT_INFILESIZE_LARGE, length)
      easy.set(CURLOPT_UPLOAD_BUFFERSIZE, min(CurlSizes.uploadBuffer, max(length, 16 << 10)))
    }
    if request.expectsContinue {
      easy.set(CURLOPT_EXPECT_100_TIMEOUT_MS, configuration.expectation.wholeMilliseconds)
    }
    // Without a body to begin again there is no moment to object: only a new connection is never found dead.
    if !request.isResendable, request.length ?? 0 == 0 { easy.set(CURLOPT_FRESH_CONNECT, true) }
    if request.method == .head { easy.set(CURLOPT_NOBODY, true) }
    easy.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
    easy.setHeaders(request.headerLines)
  }

  private func setCallbacks() {
    let me = Unmanaged.passUnretained(self).toOpaque()
    easy.set(CURLOPT_PRIVATE, me)
    easy.setReceiver(CURLOPT_HEADERFUNCTION, receiveHeader, for: CURLOPT_HEADERDATA, me)
    easy.setReceiver(CURLOPT_WRITEFUNCTION, receiveBody, for: CURLOPT_WRITEDATA, me)
    easy.setReader(sendBody, seeker: rewindBody, me)
    easy.countSockets(in: exchange.loop)
  }

  /// Whether the whole may begin again, over HTTP/1.1.
  ///
  /// When a server ends a connection of HTTP/2 after so many requests, as is its right, libcurl 7.88 fails
  /// the request that comes next.
  func mayBeginAgain(after code: CURLcode) -> Bool {
    (code == CURLE_HTTP2 || code == CURLE_HTTP2_STREAM) && !isSecond && parser.bytes == 0
      && exchange.request.suitsHTTP2
  }

  /// Tells libcurl what is held up by now; fails where that makes it hand on what it kept, and that fails.
  func applyPauses() throws {
    let code = easy.pause(receiving: isReceivingHeldUp, sending: isSendingHeldUp)
    guard code == CURLE_OK else { throw failure ?? HTTPError(code, hasStarted: true) }
  }
}

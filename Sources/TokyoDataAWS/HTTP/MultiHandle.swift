internal import CCurl

/// Owns the multi handle of libcurl: the connections and what runs on them.
///
/// Only the transport's thread makes and touches one; others may wake it, through `MultiWaker`.
struct MultiHandle: ~Copyable {
  private let pointer: UnsafeMutableRawPointer
  /// TLS sessions, which libcurl keeps with easy handles otherwise: ours live for one request.
  private let share: OpaquePointer

  /// Nil where there is no memory.
  init?(_ configuration: CurlConfiguration) {
    guard Self.isReady, let pointer = curl_multi_init() else { return nil }
    // One thread uses it, so it needs no locks.
    guard let share = curl_share_init() else {
      curl_multi_cleanup(pointer)
      return nil
    }
    self.pointer = pointer
    self.share = OpaquePointer(share)
    _ = tokyo_curl_share(share, CURL_LOCK_DATA_SSL_SESSION)
    let perHost = max(1, configuration.connectionsPerHost)
    let total = max(1, configuration.connections)
    _ = tokyo_curl_multi_set_long(pointer, CURLMOPT_MAX_HOST_CONNECTIONS, perHost)
    _ = tokyo_curl_multi_set_long(pointer, CURLMOPT_MAX_TOTAL_CONNECTIONS, total)
    _ = tokyo_curl_multi_set_long(pointer, CURLMOPT_MAXCONNECTS, total)
  }

  deinit {
    // Every easy handle is out by now; this closes the connections, and then nobody uses the share.
    curl_multi_cleanup(pointer)
    curl_share_cleanup(UnsafeMutableRawPointer(share))
  }

  /// libcurl's own preparations, once in a process.
  private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  var waker: MultiWaker { MultiWaker(pointer: pointer) }

  func add(_ easy: borrowing EasyHandle) -> Bool {
    tokyo_curl_set_pointer(easy.pointer, CURLOPT_SHARE, UnsafeMutableRawPointer(share)) == CURLE_OK
      && curl_multi_add_handle(pointer, easy.pointer) == CURLM_OK
  }

  func remove(_ easy: borrowing EasyHandle) {
    curl_multi_remove_handle(pointer, easy.pointer)
  }

  /// Does what can be done without waiting.
  func perform() {
    var running: Int32 = 0
    curl_multi_perform(pointer, &running)
  }

  /// A transfer that has ended since, by what its handle was given as `CURLOPT_PRIVATE`, and how.
  func nextEnd() -> (transfer: UnsafeMutableRawPointer, code: CURLcode)? {
    var left: Int32 = 0
    while let message = curl_multi_info_read(pointer, &left) {
      var transfer: UnsafeMutableRawPointer?
      guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
        tokyo_curl_get_private(easy, &transfer) == CURLE_OK, let transfer
      else { continue }
      return (transfer, tokyo_curl_message_result(message))
    }
    return nil
  }

  /// Waits until there is something to do, somebody wakes it or so many milliseconds have passed; true where
  /// a socket is ready.
  func poll(_ milliseconds: Int32) -> Bool {
    var ready: Int32 = 0
    return curl_multi_poll(pointer, nil, 0, milliseconds, &ready) == CURLM_OK && ready > 0
  }
}

/// Wakes the thread that polls a multi handle.
///
/// Sendable without the compiler's proof: `curl_multi_wakeup` is the one function that libcurl lets any
/// thread call, at any time, as long as the handle exists. `CurlLoop` calls it under the lock under which
/// the thread takes the waker back before the handle goes.
struct MultiWaker: @unchecked Sendable {
  fileprivate let pointer: UnsafeMutableRawPointer

  func wake() { curl_multi_wakeup(pointer) }
}

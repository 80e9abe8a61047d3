internal import CCurl

/// Owns one easy handle of libcurl and the list of header lines that it refers to.
///
/// Only the transport's thread makes and touches one; it is taken out of the multi handle before it goes.
struct EasyHandle: ~Copyable {
  let pointer: UnsafeMutableRawPointer
  /// libcurl reads it until the handle is cleaned up, and does not free it.
  private var headers: UnsafeMutablePointer<curl_slist>?
  /// Every option so far was taken.
  private(set) var isSound = true

  /// Nil where there is no memory.
  init?() {
    guard let pointer = curl_easy_init() else { return nil }
    self.pointer = pointer
  }

  deinit {
    curl_easy_cleanup(pointer)
    curl_slist_free_all(headers)
  }

  mutating func set(_ option: CURLoption, _ value: Int) {
    note(tokyo_curl_set_long(pointer, option, value))
  }

  mutating func set(_ option: CURLoption, _ value: Bool) {
    note(tokyo_curl_set_long(pointer, option, value ? 1 : 0))
  }

  /// For options of the type `curl_off_t`.
  mutating func setOffset(_ option: CURLoption, _ value: Int) {
    note(tokyo_curl_set_offset(pointer, option, curl_off_t(value)))
  }

  mutating func set(_ option: CURLoption, _ value: String) {
    note(tokyo_curl_set_text(pointer, option, value))
  }

  /// The pointer must live as long as the handle.
  mutating func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer) {
    note(tokyo_curl_set_pointer(pointer, option, value))
  }

  mutating func setReceiver(
    _ option: CURLoption, _ receiver: @escaping curl_write_callback, for data: CURLoption,
    _ value: UnsafeMutableRawPointer
  ) {
    note(tokyo_curl_set_receiver(pointer, option, receiver))
    set(data, value)
  }

  mutating func setReader(
    _ reader: @escaping curl_read_callback, seeker: @escaping curl_seek_callback,
    _ value: UnsafeMutableRawPointer
  ) {
    note(tokyo_curl_set_reader(pointer, reader))
    set(CURLOPT_READDATA, value)
    note(tokyo_curl_set_seeker(pointer, seeker))
    set(CURLOPT_SEEKDATA, value)
  }

  mutating func setSockets(
    opener: @escaping curl_opensocket_callback, closer: @escaping curl_closesocket_callback,
    _ value: UnsafeMutableRawPointer
  ) {
    note(tokyo_curl_set_socket_opener(pointer, opener))
    set(CURLOPT_OPENSOCKETDATA, value)
    note(tokyo_curl_set_socket_closer(pointer, closer))
    set(CURLOPT_CLOSESOCKETDATA, value)
  }

  mutating func setHeaders(_ lines: [String]) {
    for line in lines {
      // libcurl copies the line, and gives the same list back with it at the end.
      guard let longer = curl_slist_append(headers, line) else {
        isSound = false
        return
      }
      headers = longer
    }
    note(tokyo_curl_set_headers(pointer, headers))
  }

  private mutating func note(_ code: CURLcode) {
    if code != CURLE_OK { isSound = false }
  }

  /// Holds up what is named, and lets go on what is not.
  func pause(receiving: Bool, sending: Bool) -> CURLcode {
    curl_easy_pause(pointer, (receiving ? CURLPAUSE_RECV : 0) | (sending ? CURLPAUSE_SEND : 0))
  }

  /// The connection stands, TLS included, and the request may be on its way.
  var hasStarted: Bool { number(CURLINFO_PRETRANSFER_TIME_T) > 0 }

  /// Bytes of bodies that came and went.
  var bodyBytes: Int { number(CURLINFO_SIZE_UPLOAD_T) &+ number(CURLINFO_SIZE_DOWNLOAD_T) }

  private func number(_ info: CURLINFO) -> Int {
    var value: curl_off_t = 0
    return tokyo_curl_get_offset(pointer, info, &value) == CURLE_OK ? Int(value) : 0
  }
}

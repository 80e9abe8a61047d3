internal import CCurl

extension HTTPError {
  /// What libcurl's code means here.
  ///
  /// - Parameter hasStarted: The connection stood, so the request may have been sent.
  init(_ curl: CURLcode, hasStarted: Bool) {
    let code: Code =
      switch curl {
      case CURLE_URL_MALFORMAT, CURLE_BAD_FUNCTION_ARGUMENT, CURLE_UNKNOWN_OPTION:
        // A zero in a response's head counts as a bad argument.
        hasStarted ? .invalidResponse : .invalidRequest
      case CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT, CURLE_PROXY,
        CURLE_INTERFACE_FAILED, CURLE_NO_CONNECTION_AVAILABLE, CURLE_SSL_CONNECT_ERROR:
        .cannotConnect
      case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
        CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CRL_BADFILE, CURLE_SSL_ENGINE_NOTFOUND,
        CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_PINNEDPUBKEYNOTMATCH,
        CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT, CURLE_USE_SSL_FAILED:
        .insecure
      case CURLE_OPERATION_TIMEDOUT: hasStarted ? .totalTimeout : .connectTimeout
      // A line of a head that is longer than libcurl keeps counts as lack of memory.
      case CURLE_OUT_OF_MEMORY: hasStarted ? .invalidResponse : .outOfResources
      // HTTP/0.9 counts as another protocol.
      case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING,
        CURLE_WRITE_ERROR:
        .invalidResponse
      case CURLE_FILESIZE_EXCEEDED: .bodyTooLarge
      default: hasStarted ? .connectionLost : .cannotConnect
      }
    self.init(code, curlCode: Int32(bitPattern: curl.rawValue))
  }
}

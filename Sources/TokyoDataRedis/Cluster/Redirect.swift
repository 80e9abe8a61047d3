/// What a cluster says of a command that it did not run.
enum Redirect: Hashable {
  /// The slot is held by another server, from now on.
  case moved(slot: Int, to: RedisEndpoint)
  /// This once the other server has to be asked.
  case ask(RedisEndpoint)
  /// The slot is on its way, or not served for a moment.
  case wait

  /// Nil where the reply is a result, an error of another kind or a redirect that makes no sense.
  init?(_ reply: RedisReply, asked: RedisEndpoint) {
    guard case .error(let error) = reply else { return nil }
    switch error.code {
    case .moved, .ask:
      let words = error.words.split(separator: " ")
      guard words.count == 2, let slot = Int(words[0]), (0..<HashSlot.count).contains(slot),
        let colon = words[1].lastIndex(of: ":"), let port = Int(words[1][words[1].index(after: colon)...]),
        (1...65535).contains(port),
        let server = RedisEndpoint(announced: String(words[1][..<colon]), port: port, asked: asked)
      else { return nil }
      self = error.code == .moved ? .moved(slot: slot, to: server) : .ask(server)
    case .tryAgain, .clusterDown: self = .wait
    default: return nil
    }
  }
}

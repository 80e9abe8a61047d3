internal import Crypto
internal import Synchronization

/// The keys that signatures are made with, derived once a day for each region and service.
final class SigningKeys: Sendable {
  private struct Origin: Hashable {
    var secret: String
    var date: Substring
    var region: String
    var service: String
  }

  private let keys = Mutex<[Origin: SymmetricKey]>([:])
  /// How many are kept; temporary credentials bring new secrets all the time.
  private let limit = 32

  /// How many are kept now.
  var count: Int { keys.withLock { $0.count } }

  func key(of credentials: AWSCredentials, _ scope: SignatureScope) -> SymmetricKey {
    let origin = Origin(
      secret: credentials.secretAccessKey, date: scope.date, region: scope.region, service: scope.service)
    if let key = keys.withLock({ $0[origin] }) { return key }
    let key = Self.derive(origin)
    keys.withLock { keys in
      if keys.count >= limit { keys.removeAll() }
      keys[origin] = key
    }
    return key
  }

  private static func derive(_ origin: Origin) -> SymmetricKey {
    var key = SymmetricKey(data: Array("AWS4\(origin.secret)".utf8))
    for part in [String(origin.date), origin.region, origin.service, "aws4_request"] {
      key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
    }
    return key
  }
}

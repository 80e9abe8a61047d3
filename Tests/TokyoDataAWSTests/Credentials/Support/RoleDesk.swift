import Synchronization

@testable import TokyoDataAWS

/// Stands in for STS: the keys that it gives spell the request and who signed it.
final class RoleDesk: Sendable {
  private let visits = Mutex<[RoleRequest]>([])
  /// What a call fails with, by its number.
  private let failure: @Sendable (Int) -> (any Error)?

  init(failure: @escaping @Sendable (Int) -> (any Error)? = { _ in nil }) { self.failure = failure }

  var requests: [RoleRequest] { visits.withLock { $0 } }

  struct Visit: SecurityTokenService {
    let desk: RoleDesk
    let signer: (any AWSCredentialProvider)?

    func assumeRole(_ role: RoleRequest) async throws -> AWSCredentials {
      try desk.answer(role, "role", await signer?.credentials().accessKeyID ?? "nobody")
    }

    func assumeRole(_ role: RoleRequest, webIdentityToken: String) async throws -> AWSCredentials {
      // Such a call is not signed: a signer here would be a mistake.
      try desk.answer(role, "web", signer == nil ? webIdentityToken : "signed")
    }
  }

  private func answer(_ role: RoleRequest, _ kind: String, _ signer: String) throws -> AWSCredentials {
    let number = visits.withLock { visits in
      visits.append(role)
      return visits.count - 1
    }
    if let error = failure(number) { throw error }
    let session = role.sessionName.hasPrefix("tokyodata-") ? "*" : role.sessionName
    let id = [kind, role.arn, session, role.externalID ?? "", role.seconds.map(String.init) ?? "", signer]
    return AWSCredentials(
      accessKeyID: id.joined(separator: "|"), secretAccessKey: "secret", sessionToken: "token",
      expiration: CredentialHome.now.adding(microseconds: 3_600_000_000))
  }
}

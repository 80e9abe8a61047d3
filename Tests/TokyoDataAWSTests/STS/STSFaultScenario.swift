import Testing
import TokyoDataCore

@testable import TokyoDataAWS

/// The operations of STS, asked by a client of their own.
struct STSFaultScenario: FaultScenario {
  let target = JSONLaboratory.newName("sts")
  private let service: STSClient

  init() async throws { service = STSClient(client: try Laboratory.client(named: target)) }

  func told(_ error: any Error) -> any Error { TokyoDataError.of(error, .init(store: "sts")) }

  /// STS keeps nothing that a client could leave behind.
  func checkRemains(of run: FaultRun, succeeded: Bool) {}

  static var uses: [String: FaultUse<Self>] {
    [
      "GetCallerIdentity": FaultUse(
        act: { expect(try await $0.service.callerIdentity().account, account) }),
      "AssumeRole": FaultUse(
        act: { try await $0.check($0.service.assumeRole(role)) }),
      "AssumeRoleWithWebIdentity": FaultUse(
        act: { try await $0.check($0.service.assumeRole(role, webIdentityToken: "a.b.c")) }),
    ]
  }

  private static let account = "123456789012"
  private static let role = RoleRequest(
    arn: "arn:aws:iam::\(account):role/reader", sessionName: "night-run", seconds: 900)

  /// Keys are whole when they sign, and they end when the role's do.
  private func check(_ keys: AWSCredentials) async throws {
    let own = service.client
    let signer = AWSClient(
      settings: own.settings, credentials: StaticCredentials(keys), transport: own.transport, time: own.time)
    Self.expect(try await STSClient(client: signer).callerIdentity().account, Self.account)
    let end = try #require(keys.expiration)
    #expect((800_000_000...1_000_000_000).contains(Timestamp.systemNow().microseconds(until: end)))
  }
}

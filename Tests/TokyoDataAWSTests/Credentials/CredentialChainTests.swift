import Synchronization
import Testing

@testable import TokyoDataAWS

@Suite("The chain of providers")
struct CredentialChainTests {
  /// Says what a test wants, each time it is asked.
  private final class Provider: AWSCredentialProvider {
    let name: String
    private let answers: Mutex<[Result<AWSCredentials, AWSCredentialError>]>

    init(_ name: String, _ answers: Result<AWSCredentials, AWSCredentialError>...) {
      self.name = name
      self.answers = Mutex(answers)
    }

    func credentials() async throws -> AWSCredentials {
      try answers.withLock { answers in answers.count > 1 ? answers.removeFirst() : answers[0] }.get()
    }
  }

  private static let keys = AWSCredentials(accessKeyID: "id", secretAccessKey: "secret")
  private static func no(_ name: String) -> AWSCredentialError {
    AWSCredentialError(name, "nothing here", isUnconfigured: true)
  }

  @Test("When no provider has any, the error lists what each said, in order")
  func nothing() async throws {
    let home = try CredentialHome()
    let chain = CredentialChain.standard(profile: nil, home.settings())
    let error = await #expect(throws: AWSCredentialError.self) { try await chain.credentials() }
    #expect(
      error?.description == """
        AWS: no provider has credentials
          environment: AWS_ACCESS_KEY_ID is not set
          assume-role: profile default has no role_arn
          web-identity: there is no AWS_WEB_IDENTITY_TOKEN_FILE or web_identity_token_file
          sso: profile default has no sso_account_id and sso_role_name
          shared-credentials-file: profile default has no aws_access_key_id there
          login: profile default has no login_session
          credential-process: profile default has no credential_process
          config-file: profile default has no aws_access_key_id there
          container: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI are not set
          instance-metadata: no answer (connectTimeout)
        """)
  }

  @Test("A provider that is configured and fails ends the search")
  func failure() async throws {
    let wrong = AWSCredentialError("second", "out of order")
    let chain = CredentialChain([
      Provider("first", .failure(Self.no("first"))), Provider("second", .failure(wrong)),
      Provider("third", .success(Self.keys)),
    ])
    await #expect(throws: wrong) { try await chain.credentials() }
  }

  @Test("Once a provider has given keys no other one is asked")
  func choice() async throws {
    let other = AWSCredentials(accessKeyID: "somebody else", secretAccessKey: "secret")
    let chain = CredentialChain([
      Provider("first", .failure(Self.no("first")), .success(other)),
      Provider("second", .success(Self.keys), .failure(Self.no("second")), .success(Self.keys)),
      Provider("third", .success(other)),
    ])
    #expect(try await chain.credentials() == Self.keys)
    await #expect(throws: Self.no("second")) { try await chain.credentials() }
    #expect(try await chain.credentials() == Self.keys)
  }

  @Test("A login that is not supported is said to be one, and no other keys stand in")
  func login() async throws {
    let home = try CredentialHome(
      config: "[default]\nlogin_session = arn\naws_access_key_id = id\naws_secret_access_key = s")
    let chain = CredentialChain.standard(profile: nil, home.settings())
    let error = await #expect(throws: AWSCredentialError.self) { try await chain.credentials() }
    #expect(error?.provider == "login")
    #expect(error?.message.contains("aws configure export-credentials --profile default") == true)
  }

  @Test("No error, of any provider, shows a key, a token or a path")
  func secrets() async throws {
    let config = """
      [default]
      aws_access_key_id = HUSH
      aws_session_token = HUSH
      [profile process]
      credential_process = sh -c 'echo HUSH; echo HUSH >&2; exit 1'
      [profile role]
      role_arn = HUSH
      source_profile = default
      [profile web]
      web_identity_token_file = {home}/HUSH
      role_arn = HUSH
      [profile sso]
      sso_session = s
      sso_account_id = HUSH
      sso_role_name = HUSH
      [sso-session s]
      sso_start_url = https://HUSH
      sso_region = us-east-1
      """
    let home = try CredentialHome(config: config)
    for profile in ["default", "process", "role", "web", "sso"] {
      let chain = CredentialChain.standard(profile: profile, home.settings())
      let error = await #expect(throws: AWSCredentialError.self) { try await chain.credentials() }
      let text = error.map { "\($0)" + String(reflecting: $0) } ?? ""
      #expect(!text.contains("HUSH") && !text.contains(home.path), "\(text)")
    }
    try home.write("[default]\nHUSH", to: ".aws/config")
    let chain = CredentialChain.standard(profile: nil, home.settings())
    let error = await #expect(throws: AWSCredentialError.self) { try await chain.credentials() }
    #expect(error?.description == "profiles: the config file: line 2 is a line without =")
  }
}

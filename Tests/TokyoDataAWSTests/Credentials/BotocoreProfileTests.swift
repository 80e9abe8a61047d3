import Foundation
import Testing

@testable import TokyoDataAWS

/// The cases of `Tests/InteropTests/aws_profiles.json`, which `test_aws_profiles.py` answers with botocore.
@Suite("Profiles, as botocore reads them")
struct BotocoreProfileTests {
  private struct Vectors: Decodable {
    var files: [File]
    var profiles: [Profile]
    var lines: [Line]

    struct Line: Decodable {
      var text: String
      var words: [String]?
    }

    struct File: Decodable {
      var text: String
      var sections: [String: [String: Value]]?
    }

    struct Profile: Decodable {
      var environment: [String: String]
      var config: String?
      var credentials: String?
      var profile: String?
      var keys: Keys
    }
  }

  private enum Value: Decodable, Equatable {
    case text(String)
    case nested([String: String])

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      let text = try? value.decode(String.self)
      self = try text.map(Value.text) ?? .nested(value.decode([String: String].self))
    }
  }

  /// Id, secret and token; or one word that says why there are none.
  private enum Keys: Decodable, Equatable {
    case found([String?])
    case failed(String)

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      let word = try? value.decode(String.self)
      self = try word.map(Keys.failed) ?? .found(value.decode([String?].self))
    }
  }

  private static func vectors() throws -> Vectors {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let data = try Data(contentsOf: tests.appending(path: "InteropTests/aws_profiles.json"))
    return try JSONDecoder().decode(Vectors.self, from: data)
  }

  @Test("A config file has the sections, keys and blocks that botocore reads, or is refused as there")
  func files() throws {
    for file in try Self.vectors().files {
      let sections: [String: [String: Value]]?
      do {
        let read = try SharedConfig(Array(file.text.utf8))
        sections = Dictionary(
          uniqueKeysWithValues: read.sections.map { section in
            (
              section.name,
              section.values.mapValues { value in
                switch value {
                case .text(let text): .text(text)
                case .nested(let block): .nested(block)
                }
              }
            )
          })
      } catch { sections = nil }
      #expect(sections == file.sections, "\(file.text)")
    }
  }

  @Test("A line falls into the words of Python's shlex, or is refused as there")
  func lines() throws {
    for line in try Self.vectors().lines {
      #expect(ShellWords.split(line.text) == line.words, "\(line.text)")
    }
  }

  @Test("Environment and profiles lead to the keys that botocore finds, asked for in the same way")
  func profiles() async throws {
    var found = 0
    for (number, vector) in try Self.vectors().profiles.enumerated() {
      let home = try CredentialHome(config: vector.config, credentials: vector.credentials)
      try home.write("identity", to: "token")
      for name in ["s", "https://one"] {
        let login = SSOLogin.fileName(of: name)
        try home.write(
          #"{"accessToken": "token-of-\#(name.count)", "expiresAt": "2099-01-01T00:00:00Z"}"#,
          to: ".aws/sso/cache/\(login).json")
      }
      let portal = ScriptedMetadata { request, _ in
        let query = Dictionary(
          uniqueKeysWithValues: request.query.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=")
            return (parts[0], parts[1])
          })
        let token = request.headers["x-amz-sso_bearer_token"] ?? ""
        return .ok(
          """
          {"roleCredentials": {"accessKeyId": "sso|\(query["role_name"] ?? "")|\(query["account_id"] ?? "")|\(token)",
          "secretAccessKey": "secret", "sessionToken": "token", "expiration": 4070908800000}}
          """)
      }
      var variables = vector.environment
      variables["AWS_EC2_METADATA_DISABLED"] = "true"
      let chain = CredentialChain.standard(
        profile: vector.profile, home.settings(variables, transport: portal))
      let keys: Keys
      do {
        let got = try await chain.credentials()
        keys = .found([got.accessKeyID, got.secretAccessKey, got.sessionToken])
        found += 1
      } catch let error as AWSCredentialError { keys = .failed(error.isUnconfigured ? "none" : "error") }
      #expect(keys == vector.keys, "case \(number): \(vector)")
    }
    #expect(found > 100)
  }
}

import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("Settings of the environment and the shared files")
struct AWSSettingSourcesTests {
  private static let config = """
    [default]
    region = eu-west-1
    [profile lake]
    region = eu-west-2
    use_dualstack_endpoint = true
    max_attempts = 5
    services = local
    s3 =
      addressing_style = virtual
    [profile plain]
    endpoint_url = http://general
    [services local]
    cloudwatch_logs =
      endpoint_url = http://logs:1
    """

  private func sources(_ variables: [String: String] = [:], profile: String? = nil) throws
    -> AWSSettingSources
  {
    let profiles = AWSProfiles(
      config: try SharedConfig(Array(Self.config.utf8)), credentials: try SharedConfig([]))
    return try AWSSettingSources(AWSEnvironment(variables), profiles, profile: profile)
  }

  @Test("The profile is the program's, the environment's, or the default one")
  func profiles() throws {
    #expect(try sources().profile["region"] == "eu-west-1")
    #expect(try sources(["AWS_PROFILE": "lake"]).profile["region"] == "eu-west-2")
    #expect(try sources(["AWS_PROFILE": "lake"], profile: "default").profile["region"] == "eu-west-1")
    for sources in [{ try sources(profile: "gone") }, { try sources(["AWS_PROFILE": "gone"]) }] {
      let error = #expect(throws: TokyoDataError.self) { try sources() }
      #expect(error?.code == .invalidArgument && error?.message.contains("gone") == true)
    }
  }

  @Test("A profile's keys, blocks and services arrive in the settings")
  func settings() throws {
    var sources = try sources(profile: "lake")
    sources.profile["use_dualstack_endpoint"] = nil
    let settings = try AWSSettings(AWSConfiguration(profile: "lake"), sources)
    #expect(settings.region == "eu-west-2" && settings.maximumAttempts == 5)
    #expect(settings.endpoints.addressing == .virtualHost)
    #expect(settings.endpoints.custom.mapValues(\.origin.authority) == [.cloudWatchLogs: "logs:1"])
    let plain = try AWSSettings(AWSConfiguration(region: "eu-west-3"), self.sources(profile: "plain"))
    #expect(Set(plain.endpoints.custom.keys) == Set(AWSService.allCases))
    #expect(throws: TokyoDataError.self) {
      try AWSSettings(AWSConfiguration(), self.sources(profile: "lake"))
    }
  }
}

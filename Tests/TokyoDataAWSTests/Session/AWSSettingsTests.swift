import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("Settings of AWS")
struct AWSSettingsTests {
  private func settings(
    _ configuration: AWSConfiguration = AWSConfiguration(), _ variables: [String: String] = [:],
    profile: [String: String] = [:], blocks: [String: [String: String]] = [:],
    endpoints: [String: String] = [:]
  ) throws -> AWSSettings {
    var sources = AWSSettingSources(variables: variables, profile: profile, blocks: blocks)
    sources.endpointURLs = endpoints
    return try AWSSettings(configuration, sources)
  }

  private func refusal(
    _ configuration: AWSConfiguration = AWSConfiguration(region: "eu-west-1"),
    _ variables: [String: String] = [:],
    profile: [String: String] = [:], blocks: [String: [String: String]] = [:]
  ) -> String? {
    let error = #expect(throws: TokyoDataError.self) {
      try settings(configuration, variables, profile: profile, blocks: blocks)
    }
    #expect(error?.code == .invalidArgument)
    return error?.message
  }

  @Test("The region: the program, AWS_REGION, AWS_DEFAULT_REGION, the profile, in this order")
  func region() throws {
    let variables = ["AWS_REGION": "eu-west-2", "AWS_DEFAULT_REGION": "eu-west-3"]
    let profile = ["region": "eu-central-1"]
    #expect(
      try settings(AWSConfiguration(region: "eu-west-1"), variables, profile: profile).region == "eu-west-1")
    #expect(try settings(AWSConfiguration(), variables, profile: profile).region == "eu-west-2")
    #expect(
      try settings(
        AWSConfiguration(), ["AWS_REGION": "", "AWS_DEFAULT_REGION": "eu-west-3"], profile: profile
      ).region
        == "eu-west-3")
    #expect(try settings(AWSConfiguration(), [:], profile: profile).region == "eu-central-1")
    #expect(refusal(AWSConfiguration())?.contains("AWS_REGION") == true)
    #expect(refusal(AWSConfiguration(region: "Berlin"))?.contains("Berlin") == false)
  }

  @Test("Every key has its effect: variable and profile alike")
  func keys() throws {
    let plain = try settings(AWSConfiguration(region: "eu-west-1"))
    for (variable, key, value) in [
      ("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint", "TRUE"),
      ("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint", "true"),
      ("AWS_ENDPOINT_URL", "endpoint_url", "http://a"), ("AWS_MAX_ATTEMPTS", "max_attempts", "7"),
      ("AWS_CA_BUNDLE", "ca_bundle", "/a.pem"), ("AWS_SDK_UA_APP_ID", "sdk_ua_app_id", "app"),
    ] {
      let fromVariable = try settings(AWSConfiguration(region: "eu-west-1"), [variable: value])
      let fromProfile = try settings(AWSConfiguration(region: "eu-west-1"), profile: [key: value])
      #expect(fromVariable != plain && fromVariable == fromProfile, "\(variable)")
      #expect(try settings(AWSConfiguration(region: "eu-west-1"), [variable: ""]) == plain, "\(variable)")
    }
  }

  @Test("What the program says comes before the environment")
  func program() throws {
    var configuration = AWSConfiguration(region: "eu-west-1")
    configuration.usesFIPS = false
    configuration.usesDualstack = false
    configuration.maximumAttempts = 2
    configuration.certificateBundle = "/mine.pem"
    configuration.applicationID = "a b/é"
    configuration.proxy = "http://proxy:1"
    configuration.connectTimeout = .seconds(1)
    configuration.idleTimeout = .seconds(2)
    configuration.totalTimeout = .seconds(3)
    let settings = try settings(
      configuration,
      [
        "AWS_USE_FIPS_ENDPOINT": "true", "AWS_USE_DUALSTACK_ENDPOINT": "true", "AWS_MAX_ATTEMPTS": "9",
        "AWS_CA_BUNDLE": "/theirs.pem", "AWS_SDK_UA_APP_ID": "theirs",
      ])
    #expect(!settings.endpoints.usesFIPS && !settings.endpoints.usesDualstack)
    #expect(settings.maximumAttempts == 2 && settings.certificateBundle == "/mine.pem")
    #expect(settings.userAgent == "tokyo-data app/a-b--" && settings.proxy == "http://proxy:1")
    #expect(settings.limits == HTTPLimits(connect: .seconds(1), idle: .seconds(2), total: .seconds(3)))
  }

  @Test(
    "Endpoints: the program's, then the environment's, then the profile's; a service's own before the general"
  )
  func endpoints() throws {
    var configuration = AWSConfiguration(region: "eu-west-1")
    configuration.endpointURLs = ["s3": "http://1"]
    configuration.endpointURL = "http://2"
    var variables = ["AWS_ENDPOINT_URL_S3": "http://3", "AWS_ENDPOINT_URL": "http://4"]
    let profile = ["endpoint_url": "http://6"]
    let own = ["s3": "http://5", "cloudwatch_logs": "http://7"]
    func hosts() throws -> [String?] {
      let custom = try settings(configuration, variables, profile: profile, endpoints: own).endpoints.custom
      return [AWSService.s3, .glue, .cloudWatchLogs].map { custom[$0]?.origin.host }
    }
    #expect(try hosts() == ["1", "2", "2"])
    configuration.endpointURLs = [:]
    #expect(try hosts() == ["2", "2", "2"])
    configuration.endpointURL = nil
    #expect(try hosts() == ["3", "4", "4"])
    variables["AWS_ENDPOINT_URL_S3"] = ""
    #expect(try hosts() == ["4", "4", "4"])
    variables = [:]
    #expect(try hosts() == ["5", "6", "7"])
    variables = ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"]
    #expect(try hosts() == [nil, nil, nil])
    configuration.endpointURLs = ["glue": "http://8"]
    #expect(try hosts() == [nil, "8", nil])
    configuration.ignoresConfiguredEndpointURLs = false
    #expect(try hosts() == ["5", "8", "7"])
  }

  @Test("Each service has its variable")
  func variables() throws {
    for service in AWSService.allCases {
      let settings = try settings(
        AWSConfiguration(region: "eu-west-1"), ["AWS_ENDPOINT_URL_\(service.environmentName)": "http://x"])
      #expect(Set(settings.endpoints.custom.keys) == [service])
    }
    #expect(
      AWSService.allCases.map(\.environmentName)
        == ["S3", "GLUE", "ATHENA", "STS", "CLOUDWATCH", "CLOUDWATCH_LOGS"])
  }

  @Test("The style of buckets' addresses, of the program or the profile")
  func addressing() throws {
    for (style, expected) in [
      ("path", BucketAddressing.path), ("virtual", .virtualHost), ("auto", .automatic), ("", .automatic),
    ] {
      let found = try settings(
        AWSConfiguration(region: "eu-west-1"), blocks: ["s3": ["addressing_style": style]])
      #expect(found.endpoints.addressing == expected)
    }
    var configuration = AWSConfiguration(region: "eu-west-1")
    configuration.bucketAddressing = .virtualHost
    let found = try settings(configuration, blocks: ["s3": ["addressing_style": "path"]])
    #expect(found.endpoints.addressing == .virtualHost)
    #expect(
      refusal(blocks: ["s3": ["addressing_style": "sideways"]])?.contains("addressing_style") == true)
  }

  @Test("What makes no sense is named, not shown")
  func nonsense() {
    for (variable, value) in [
      ("AWS_USE_FIPS_ENDPOINT", "yes"), ("AWS_USE_DUALSTACK_ENDPOINT", "1"),
      ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "off"), ("AWS_ENDPOINT_URL", "user:hunter2@host"),
      ("AWS_ENDPOINT_URL_S3", "http://user:hunter2@host"),
    ] {
      let message = refusal(AWSConfiguration(region: "eu-west-1"), [variable: value])
      #expect(message?.contains(variable) == true && message?.contains(value) == false)
    }
    for attempts in ["0", "-1", "many", "1.5", "99999999999999999999"] {
      #expect(refusal(AWSConfiguration(region: "eu-west-1"), ["AWS_MAX_ATTEMPTS": attempts]) != nil)
    }
    #expect(refusal(profile: ["use_fips_endpoint": "maybe"])?.contains("use_fips_endpoint") == true)
    var configuration = AWSConfiguration(region: "eu-west-1")
    configuration.endpointURLs = ["dynamodb": "http://a"]
    #expect(refusal(configuration)?.contains("endpointURLs") == true)
    configuration = AWSConfiguration(region: "eu-west-1")
    configuration.applicationID = String(repeating: "x", count: 51)
    #expect(refusal(configuration) != nil)
  }

  @Test("A custom endpoint cannot be had with dualstack or FIPS")
  func conflict() {
    for variable in ["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"] {
      let message = refusal(
        AWSConfiguration(region: "eu-west-1"), ["AWS_ENDPOINT_URL_GLUE": "http://a", variable: "true"])
      #expect(message?.contains("glue") == true)
    }
  }

  @Test("A configuration shows no URL, and so no password in one")
  func description() {
    var configuration = AWSConfiguration(region: "eu-west-1", profile: "p")
    configuration.proxy = "http://user:hunter2@proxy"
    configuration.endpointURL = "http://user:hunter2@host"
    var dumped = ""
    dump(configuration, to: &dumped)
    for text in ["\(configuration)", String(reflecting: configuration), dumped] {
      #expect(!text.contains("hunter2"))
    }
  }
}

internal import TokyoDataCore

/// Everything that is settled before the first request.
struct AWSSettings: Sendable, Hashable {
  var region: String
  var endpoints = EndpointSettings()
  var maximumAttempts = 3
  var limits = HTTPLimits()
  var certificateBundle: String?
  /// A proxy's URL, empty for none; nil for what the environment's variables say.
  var proxy: String?
  var userAgent = "tokyo-data"

  init(region: String) { self.region = region }
}

extension AWSSettings {
  /// What the program, the environment and the profile say together, in this order.
  ///
  /// - Throws: `TokyoDataError.invalidArgument` for what is missing or makes no sense; shows no URL.
  init(_ configuration: AWSConfiguration, _ sources: AWSSettingSources) throws(TokyoDataError) {
    guard
      let region = configuration.region ?? sources.text("AWS_REGION", nil)
        ?? sources.text("AWS_DEFAULT_REGION", "region")
    else {
      throw TokyoDataError(
        .invalidArgument,
        "no region for AWS: set AWS_REGION, or region in the profile, or AWSConfiguration.region")
    }
    self.init(region: region)
    endpoints = try EndpointSettings(configuration, sources)
    // A region that is none is better named now than with the first request.
    for service in AWSService.allCases { _ = try EndpointRules(endpoints).endpoint(service, region: region) }
    maximumAttempts = try Self.attempts(configuration, sources)
    limits = HTTPLimits(
      connect: configuration.connectTimeout, idle: configuration.idleTimeout,
      total: configuration.totalTimeout)
    certificateBundle = configuration.certificateBundle ?? sources.text("AWS_CA_BUNDLE", "ca_bundle")
    proxy = configuration.proxy
    userAgent = try Self.userAgent(
      configuration.applicationID ?? sources.text("AWS_SDK_UA_APP_ID", "sdk_ua_app_id"))
  }

  private static func attempts(
    _ configuration: AWSConfiguration, _ sources: AWSSettingSources
  ) throws(TokyoDataError) -> Int {
    let attempts = configuration.maximumAttempts
    guard let text = attempts.map({ "\($0)" }) ?? sources.text("AWS_MAX_ATTEMPTS", "max_attempts") else {
      return 3
    }
    guard let attempts = Int(text), attempts >= 1 else {
      throw TokyoDataError(.invalidArgument, "the number of attempts for AWS must be 1 or more")
    }
    return attempts
  }

  /// An application's name stands in a header: characters that may not are replaced, as the SDKs do.
  private static func userAgent(_ applicationID: String?) throws(TokyoDataError) -> String {
    guard let applicationID, !applicationID.isEmpty else { return "tokyo-data" }
    guard applicationID.unicodeScalars.count <= 50 else {
      throw TokyoDataError(.invalidArgument, "the application's id for AWS has more than 50 characters")
    }
    let allowed = Set("!$%&'*+-.^_`|~".unicodeScalars)
    var id = "".unicodeScalars
    for scalar in applicationID.unicodeScalars {
      let isKept = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
      id.append(isKept || allowed.contains(scalar) ? scalar : "-")
    }
    return "tokyo-data app/\(String(id))"
  }
}

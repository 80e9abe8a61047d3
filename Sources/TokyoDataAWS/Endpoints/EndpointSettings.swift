internal import TokyoDataCore

/// What was said about endpoints, by the program, the environment and the profile.
struct EndpointSettings: Sendable, Hashable {
  var usesDualstack = false
  var usesFIPS = false
  var addressing = BucketAddressing.automatic
  /// Custom endpoints.
  var custom: [AWSService: EndpointURL] = [:]
}

extension EndpointSettings {
  /// - Throws: `TokyoDataError.invalidArgument` for a URL that is none; names where it stands, not what it is.
  init(_ configuration: AWSConfiguration, _ sources: AWSSettingSources) throws(TokyoDataError) {
    usesDualstack = try sources.flag(
      configuration.usesDualstack, "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint")
    usesFIPS = try sources.flag(configuration.usesFIPS, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint")
    addressing = try Self.addressing(configuration, sources)
    custom = try Self.custom(configuration, sources)
  }

  private static func addressing(
    _ configuration: AWSConfiguration, _ sources: AWSSettingSources
  ) throws(TokyoDataError) -> BucketAddressing {
    guard configuration.bucketAddressing == .automatic,
      let style = sources.blocks["s3"]?["addressing_style"], !style.isEmpty
    else { return configuration.bucketAddressing }
    switch style {
    case "auto": return .automatic
    case "path": return .path
    case "virtual": return .virtualHost
    default:
      throw TokyoDataError(
        .invalidArgument, "the profile's addressing_style is none of auto, path and virtual")
    }
  }

  private static func custom(
    _ configuration: AWSConfiguration, _ sources: AWSSettingSources
  ) throws(TokyoDataError) -> [AWSService: EndpointURL] {
    let names = Set(AWSService.allCases.map(\.configurationName))
    guard names.isSuperset(of: configuration.endpointURLs.keys) else {
      throw TokyoDataError(.invalidArgument, "AWSConfiguration.endpointURLs names an unknown service")
    }
    let ignores = try sources.flag(
      configuration.ignoresConfiguredEndpointURLs, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
      "ignore_configured_endpoint_urls")
    var custom: [AWSService: EndpointURL] = [:]
    for service in AWSService.allCases {
      let name = service.configurationName
      let variable = "AWS_ENDPOINT_URL_\(service.environmentName)"
      // The environment as a whole comes before the profile: a general variable before a service's own key.
      var candidates: [(place: String, url: String?)] = [
        ("AWSConfiguration.endpointURLs", configuration.endpointURLs[name]),
        ("AWSConfiguration.endpointURL", configuration.endpointURL),
      ]
      if !ignores {
        candidates += [
          (variable, sources.variables[variable]),
          ("AWS_ENDPOINT_URL", sources.variables["AWS_ENDPOINT_URL"]),
          ("the profile's endpoint_url of \(name)", sources.endpointURLs[name]),
          ("the profile's endpoint_url", sources.profile["endpoint_url"]),
        ]
      }
      for case (let place, let text?) in candidates where !text.isEmpty {
        guard let url = EndpointURL(text) else {
          throw TokyoDataError(
            .invalidArgument, "\(place) is not a URL of the form https://host:port or http://host:port")
        }
        custom[service] = url
        break
      }
    }
    return custom
  }
}

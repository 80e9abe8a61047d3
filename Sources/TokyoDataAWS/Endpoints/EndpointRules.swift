internal import TokyoDataCore

/// The rules that AWS publishes for its endpoints, as far as they concern our services.
struct EndpointRules: Sendable {
  let settings: EndpointSettings

  init(_ settings: EndpointSettings) { self.settings = settings }

  /// The endpoint of a service in a region.
  ///
  /// - Parameter bucket: For S3: the bucket that requests are about.
  /// - Throws: `TokyoDataError.invalidArgument` for a region that is none, and for a custom endpoint together
  ///   with dualstack or FIPS, which are properties of AWS's own.
  func endpoint(
    _ service: AWSService, region: String, bucket: String? = nil
  ) throws(TokyoDataError) -> Endpoint {
    guard Self.isRegion(region) else {
      throw TokyoDataError(.invalidArgument, "the region for AWS is not the name of a region")
    }
    if let url = settings.custom[service] {
      guard !settings.usesFIPS, !settings.usesDualstack else {
        throw TokyoDataError(
          .invalidArgument,
          "a custom endpoint for \(service.rawValue) cannot be combined with \(settings.usesFIPS ? "FIPS" : "dualstack")"
        )
      }
      return endpoint(at: url, region: region, bucket: bucket)
    }
    guard service == .s3 else {
      return Endpoint(
        origin: HTTPOrigin(isSecure: true, host: host(of: service, region: region)), region: region)
    }
    let host = try hostOfS3(region: region)
    guard let bucket else { return Endpoint(origin: HTTPOrigin(isSecure: true, host: host), region: region) }
    // A certificate for `*.s3.…` does not hold for a name with dots in it.
    if settings.addressing != .path, Self.canStandInHost(bucket, dots: false) {
      return Endpoint(origin: HTTPOrigin(isSecure: true, host: "\(bucket).\(host)"), region: region)
    }
    return Endpoint(
      origin: HTTPOrigin(isSecure: true, host: host), path: "/" + URIEncoding.encode(bucket), region: region)
  }

  private func endpoint(at url: EndpointURL, region: String, bucket: String?) -> Endpoint {
    var endpoint = Endpoint(origin: url.origin, path: url.path, region: region)
    guard let bucket else { return endpoint }
    if settings.addressing == .virtualHost, !url.isAddress,
      Self.canStandInHost(bucket, dots: !url.origin.isSecure)
    {
      endpoint.origin.host = "\(bucket).\(url.origin.host)"
    } else {
      endpoint.path += "/" + URIEncoding.encode(bucket)
    }
    return endpoint
  }

  private func host(of service: AWSService, region: String) -> String {
    let partition = AWSPartition.of(region: region)
    let suffix = settings.usesDualstack ? partition.dualstackSuffix : partition.suffix
    let fips = settings.usesFIPS && !isFIPSAnyway(service, partition) ? "-fips" : ""
    return "\(service.endpointName)\(fips).\(region).\(suffix)"
  }

  /// In the partition of the government of the United States some services have FIPS at their plain names.
  private func isFIPSAnyway(_ service: AWSService, _ partition: AWSPartition) -> Bool {
    guard partition.name == "aws-us-gov" else { return false }
    switch service {
    case .cloudWatch: return true
    case .sts, .cloudWatchLogs: return !settings.usesDualstack
    case .s3, .glue, .athena: return false
    }
  }

  private func hostOfS3(region: String) throws(TokyoDataError) -> String {
    let partition = AWSPartition.of(region: region)
    guard !(settings.usesFIPS && partition.name == "aws-cn") else {
      throw TokyoDataError(.invalidArgument, "the regions of China have no FIPS endpoints of S3")
    }
    return "s3" + (settings.usesFIPS ? "-fips" : "") + (settings.usesDualstack ? ".dualstack" : "")
      + ".\(region).\(partition.suffix)"
  }

  /// What can be the name of a region: it becomes a part of a host.
  static func isRegion(_ text: String) -> Bool { isLabel(text) && text != "aws-global" }

  private static func isLabel(_ text: String) -> Bool {
    (1...63).contains(text.utf8.count) && text.utf8.allSatisfy(isLabelByte) && text.first != "-"
      && text.last != "-"
  }

  private static func isLabelByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
    default: false
    }
  }

  private static func canStandInHost(_ bucket: String, dots: Bool) -> Bool {
    guard (3...63).contains(bucket.utf8.count) else { return false }
    guard dots else { return isLabel(bucket) }
    let labels = bucket.split(separator: ".", omittingEmptySubsequences: false)
    let isAddress = bucket.utf8.allSatisfy { $0 == UInt8(ascii: ".") || (0x30...0x39).contains($0) }
    return labels.allSatisfy { isLabel(String($0)) } && !(isAddress && labels.count == 4)
  }
}

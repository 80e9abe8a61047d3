/// A group of regions with names and accounts of its own.
struct AWSPartition: Sendable, Hashable {
  var name: String
  /// What the names of its regions begin with.
  var prefixes: [String]
  /// What its hosts end in.
  var suffix: String
  /// What its hosts that IPv6 reaches too end in.
  var dualstackSuffix: String

  /// The partition of a region; one that no other knows belongs to the public one, so that a region that is
  /// newer than this table works.
  static func of(region: String) -> AWSPartition {
    others.first { partition in partition.prefixes.contains { region.hasPrefix($0) } } ?? standard
  }

  static let standard = AWSPartition(
    name: "aws", prefixes: [], suffix: "amazonaws.com", dualstackSuffix: "api.aws")

  private static let others = [
    AWSPartition(
      name: "aws-cn", prefixes: ["cn-"], suffix: "amazonaws.com.cn",
      dualstackSuffix: "api.amazonwebservices.com.cn"),
    AWSPartition(
      name: "aws-us-gov", prefixes: ["us-gov-"], suffix: "amazonaws.com", dualstackSuffix: "api.aws"),
    AWSPartition(
      name: "aws-iso", prefixes: ["us-iso-"], suffix: "c2s.ic.gov", dualstackSuffix: "api.aws.ic.gov"),
    AWSPartition(
      name: "aws-iso-b", prefixes: ["us-isob-"], suffix: "sc2s.sgov.gov", dualstackSuffix: "api.aws.scloud"),
    AWSPartition(
      name: "aws-iso-e", prefixes: ["eu-isoe-"], suffix: "cloud.adc-e.uk",
      dualstackSuffix: "api.cloud-aws.adc-e.uk"),
    AWSPartition(
      name: "aws-iso-f", prefixes: ["us-isof-"], suffix: "csp.hci.ic.gov",
      dualstackSuffix: "api.aws.hci.ic.gov"),
    AWSPartition(
      name: "aws-eusc", prefixes: ["eusc-"], suffix: "amazonaws.eu",
      dualstackSuffix: "api.amazonwebservices.eu"),
  ]
}

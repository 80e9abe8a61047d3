extension AWSOperation {
  static let assumeRole = AWSOperation(.sts, "AssumeRole")
  static let assumeRoleWithWebIdentity = AWSOperation(.sts, "AssumeRoleWithWebIdentity")
  static let getCallerIdentity = AWSOperation(.sts, "GetCallerIdentity")

  /// The calls of STS.
  static let sts = [assumeRole, assumeRoleWithWebIdentity, getCallerIdentity]
}

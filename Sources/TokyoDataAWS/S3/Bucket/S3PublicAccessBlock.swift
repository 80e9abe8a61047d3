/// What a bucket refuses to those who would make it public.
public struct S3PublicAccessBlock: Hashable, Sendable {
  /// Calls that set a public access control list fail.
  public var blocksPublicACLs: Bool
  /// Public access control lists have no effect.
  public var ignoresPublicACLs: Bool
  /// Calls that set a public policy fail.
  public var blocksPublicPolicies: Bool
  /// A public policy opens the bucket to its own account and to services of AWS only.
  public var restrictsPublicPolicies: Bool

  /// Makes a block of chosen ways.
  public init(
    blocksPublicACLs: Bool, ignoresPublicACLs: Bool, blocksPublicPolicies: Bool, restrictsPublicPolicies: Bool
  ) {
    self.blocksPublicACLs = blocksPublicACLs
    self.ignoresPublicACLs = ignoresPublicACLs
    self.blocksPublicPolicies = blocksPublicPolicies
    self.restrictsPublicPolicies = restrictsPublicPolicies
  }

  /// Nothing may be public.
  public static let everything = S3PublicAccessBlock(
    blocksPublicACLs: true, ignoresPublicACLs: true, blocksPublicPolicies: true, restrictsPublicPolicies: true
  )
  /// Nothing is refused.
  public static let nothing = S3PublicAccessBlock(
    blocksPublicACLs: false, ignoresPublicACLs: false, blocksPublicPolicies: false,
    restrictsPublicPolicies: false)
}

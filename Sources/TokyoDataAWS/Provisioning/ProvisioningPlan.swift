/// What lies between an account as it is and as a deployment wants it.
public struct ProvisioningPlan: Hashable, Sendable {
  /// What is wanted.
  public let deployment: LakeDeployment
  /// What is to be done, in this order; empty where everything is as it should be.
  public internal(set) var steps: [ProvisioningStep] = []
  /// What others have set up that does not go with the lake; it is kept, and for them to change.
  public internal(set) var conflicts: [ProvisioningConflict] = []

  init(_ deployment: LakeDeployment) { self.deployment = deployment }
}

/// One change of an account.
public struct ProvisioningStep: Hashable, Sendable, CustomStringConvertible {
  /// A kind of change.
  @nonexhaustive
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// A bucket is made.
    case createBucket
    /// Objects are encrypted of which the writer does not say how.
    case encryptBucket
    /// Nothing in a bucket may be made public.
    case blockPublicAccess
    /// The rule of ours among a bucket's rules is put or corrected.
    case setLifecycle
    /// A database of Glue is made.
    case createDatabase
    /// A workgroup of Athena is made.
    case createWorkgroup
    /// A workgroup of Athena is corrected.
    case changeWorkgroup
  }

  /// What is done.
  public let kind: Kind
  /// The name of the bucket, database or workgroup.
  public let resource: String
  /// How it is now.
  public let now: String
  /// How it is to be.
  public let wanted: String

  /// Such as `createBucket lake: absent → in ap-northeast-1`.
  public var description: String { "\(kind.rawValue) \(resource): \(now) → \(wanted)" }
}

/// Something that others have set up and that does not go with a lake.
public struct ProvisioningConflict: Hashable, Sendable, CustomStringConvertible {
  /// The name of the bucket or workgroup.
  public let resource: String
  /// What is wrong, and what there is to do.
  public let explanation: String

  /// Resource and explanation.
  public var description: String { "\(resource): \(explanation)" }
}

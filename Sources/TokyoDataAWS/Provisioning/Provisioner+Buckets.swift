internal import TokyoDataCore

extension Provisioner {
  /// Compares a bucket with what it should be.
  func compare(_ name: String, _ rule: S3LifecycleRule, into plan: inout ProvisioningPlan) async throws {
    let bucket = try bucket(name)
    let isThere = try await bucket.exists()
    func note(_ kind: ProvisioningStep.Kind, _ now: String, _ wanted: String) {
      plan.steps.append(ProvisioningStep(kind: kind, resource: name, now: now, wanted: wanted))
    }
    if !isThere { note(.createBucket, "absent", "in \(region)") }

    let encryption = isThere ? try await bucket.encryption() : nil
    if !suffices(encryption, plan.deployment.encryption) {
      note(.encryptBucket, text(of: encryption), text(of: plan.deployment.encryption ?? .s3Keys))
    }
    let block = isThere ? try await bucket.publicAccessBlock() : .nothing
    if block != .everything {
      note(.blockPublicAccess, block == .nothing ? "nothing refused" : "refused in part", "all refused")
    }
    let rules = isThere ? try await bucket.lifecycle() : []
    let ours = rules.first { $0.id == rule.id }
    if ours?.plain != rule.plain { note(.setLifecycle, ours?.summary ?? "no rule", rule.summary) }

    guard name == plan.deployment.lakeBucket else { return }
    for other in rules where other.id != rule.id {
      guard let danger = other.danger(toLakeAt: rule.filter.prefix) else { continue }
      plan.conflicts.append(
        ProvisioningConflict(
          resource: name,
          explanation:
            "the lifecycle rule \(other.id) \(danger); it is kept: disable it, or narrow its filter"))
    }
  }

  /// Puts a rule of ours among those that are there now, not those that the plan saw.
  func put(_ rule: S3LifecycleRule, on bucket: S3Bucket) async throws {
    let others = try await bucket.lifecycle().filter { $0.id != rule.id }
    try await bucket.setLifecycle(others + [rule])
  }

  /// Whether objects are encrypted as is wanted; any way does where none is.
  private func suffices(_ there: S3Encryption?, _ wanted: S3Encryption?) -> Bool {
    guard let there else { return false }
    guard let wanted else { return true }
    return there.algorithm == wanted.algorithm && there.keyID == wanted.keyID
      && (wanted.usesBucketKey.map { $0 == there.usesBucketKey ?? false } ?? true)
  }

  private func text(of encryption: S3Encryption?) -> String {
    guard let encryption else { return "not encrypted" }
    return ([encryption.algorithm.name] + [encryption.keyID].compactMap { $0 }).joined(separator: " ")
      + (encryption.usesBucketKey == true ? " by the bucket's key" : "")
  }
}

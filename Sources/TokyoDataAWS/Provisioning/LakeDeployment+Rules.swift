extension LakeDeployment {
  /// The rule of the lake: nothing in it is ever removed.
  ///
  /// Its name tells it from those of other lakes in the bucket, and ends with a slash: spaces at the end of a
  /// name may not come back.
  var lakeRule: S3LifecycleRule {
    S3LifecycleRule(
      id: "tokyodata-lake:\(lakePrefix)/", filter: Self.filter(lakePrefix),
      transitions: archiveDays.map { [.init(days: $0, to: .glacierInstantRetrieval)] } ?? [],
      unfinishedUploadDays: unfinishedUploadDays)
  }

  /// The rule of query results, which hold rows that may have been erased elsewhere since.
  var resultRule: S3LifecycleRule {
    S3LifecycleRule(
      id: "tokyodata-results:\(resultPrefix)/", filter: Self.filter(resultPrefix), expirationDays: resultDays,
      earlierVersionDays: 1, unfinishedUploadDays: 1)
  }

  /// Where Athena puts results.
  var outputLocation: String { "s3://\(resultBucket)/" + (resultPrefix.isEmpty ? "" : resultPrefix + "/") }

  private static func filter(_ prefix: String) -> S3LifecycleRule.Filter {
    .init(prefix: prefix.isEmpty ? nil : prefix + "/")
  }
}

extension S3LifecycleRule {
  /// The rule in one of the two ways to say that it is for all keys, of which S3 may answer with either.
  var plain: S3LifecycleRule {
    var copy = self
    if copy.filter.prefix == "" { copy.filter.prefix = nil }
    return copy
  }

  /// What the rule does, in a line.
  var summary: String {
    var parts = transitions.map { "\($0.storageClass) after \($0.days) days" }
    if let expirationDays { parts.append("removal after \(expirationDays) days") }
    if let earlierVersionDays { parts.append("removal of earlier versions after \(earlierVersionDays) days") }
    if let unfinishedUploadDays {
      parts.append("end of unfinished uploads after \(unfinishedUploadDays) days")
    }
    return (isEnabled ? "" : "disabled: ") + (parts.isEmpty ? "nothing" : parts.joined(separator: ", "))
  }

  /// What the rule would do to objects below a prefix that a lake must not suffer.
  func danger(toLakeAt prefix: String?) -> String? {
    guard isEnabled, mayTouch(prefix) else { return nil }
    if let expirationDays { return "removes objects of the lake after \(expirationDays) days" }
    // S3 takes a date instead of an age too; that element has no property of ours.
    if others.contains(where: { $0.name == "Expiration" && $0["Date"] != nil }) {
      return "removes objects of the lake from a date on"
    }
    let classes =
      transitions.map(\.storageClass.name)
      + others.filter { $0.name == "Transition" }.compactMap { $0["StorageClass"]?.text }
    let unreadable = [S3StorageClass.glacier.name, S3StorageClass.deepArchive.name]
    guard let archive = classes.first(where: unreadable.contains) else { return nil }
    return "moves objects of the lake to \(archive), where Athena leaves them out"
  }

  /// Whether a rule may be for objects below a prefix; conditions on tags and sizes may hold for any.
  private func mayTouch(_ prefix: String?) -> Bool {
    // A filter that was not understood may be for anything.
    guard !others.contains(where: { $0.name == "Filter" }) else { return true }
    let mine = filter.prefix ?? ""
    let its = prefix ?? ""
    return mine.hasPrefix(its) || its.hasPrefix(mine)
  }
}

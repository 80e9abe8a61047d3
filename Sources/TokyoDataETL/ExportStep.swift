/// The moments at which the ETL can be killed without losing or doubling a row; tests kill it at each.
///
/// `TOKYO_FAILPOINT=<step>` makes the `tokyo` command line kill itself there.
@nonexhaustive
public enum ExportStep: String, Hashable, Sendable, CaseIterable {
  /// The first rows have come from hot; the version is in the ledger.
  case firstRows = "first-rows"
  /// A part of a file is in the store, its footer is not.
  case middleOfFile = "middle-of-file"
  /// All files are complete, the manifest is not written.
  case filesWithoutManifest = "files-without-manifest"
  /// The manifest is written, the catalog does not know the version.
  case manifestWithoutPartition = "manifest-without-partition"
  /// The catalog knows the versions, the publishing commit has not come.
  case beforePublish = "before-publish"
  /// The versions are current, nothing is collected yet.
  case afterPublish = "after-publish"
  /// A day's rows are removed and hashed, the retiring commit has not come.
  case beforeRetireCommit = "before-retire-commit"
  /// A partition is detached and its days are cold, the commit has not come.
  case beforeDetachCommit = "before-detach-commit"
  /// A partition is detached and its days are cold, nothing of it is hashed.
  case detached = "detached"
  /// A detached partition is proven, the commit that drops it has not come.
  case beforeDrop = "before-drop"
  /// Versions are condemned, their files are still there.
  case condemned = "condemned"
}

/// How a version's files are cut.
public struct VersionWriterOptions: Hashable, Sendable {
  /// The bytes at which a file ends and the next begins; reached about, after a row group.
  public var fileBytes = 256 << 20
  /// The encoded bytes at which a row group ends.
  public var rowGroupBytes = 64 << 20
  /// The most rows of a row group.
  public var rowGroupRows = 1 << 20
  /// The most bytes of values held back in memory until a row group ends.
  public var bufferBytes = 128 << 20

  /// Makes the default options: files of 256 MiB, row groups of 64 MiB or a million rows.
  public init() {}
}

/// Where the writing of a version stands; a failing or killed process stops between two of them.
@nonexhaustive
public enum VersionWriteStep: String, Hashable, Sendable, CaseIterable {
  /// The store took the first bytes of the first file.
  case firstBytes
  /// The first file has values and no footer.
  case midFile
  /// All files are complete; there is no manifest.
  case filesWritten
  /// The manifest is there.
  case manifestWritten
}

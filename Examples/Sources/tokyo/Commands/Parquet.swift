internal import ArgumentParser

/// Looks into Parquet files.
struct Parquet: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look into Parquet files.", subcommands: [ParquetCat.self, ParquetMeta.self])
}

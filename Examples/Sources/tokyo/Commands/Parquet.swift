internal import ArgumentParser

/// Looks into Parquet files, and writes them anew.
struct Parquet: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look into Parquet files, or write them anew.",
    subcommands: [ParquetCat.self, ParquetMeta.self, ParquetRewrite.self])
}

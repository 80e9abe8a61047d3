internal import ArgumentParser

/// The root of the command line.
struct Tokyo: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokyo",
    abstract: "Moves finished days of PostgreSQL tables to a lake of Parquet files, and queries both as one.",
    discussion: """
      Exit status: 0 done; 1 the work failed or a check found a difference; 64 wrong usage.
      TOKYO_FAILPOINT=<step> makes the command kill itself at a step of the ETL; <step>:stop stops it there.
      """,
    subcommands: [
      Install.self, Export.self, Verify.self, Retire.self, Collect.self, Resolve.self, Status.self,
      QueryCommand.self, Explain.self, Catalog.self, Provision.self, Parquet.self,
    ])
}

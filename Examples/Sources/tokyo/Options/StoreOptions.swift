internal import ArgumentParser
internal import Foundation
internal import TokyoData

/// Where PostgreSQL is.
struct ServerOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "postgresql://… or key=value; default $TOKYO_POSTGRES_URL, else libpq's PG* variables.",
      valueName: "url"))
  var postgres: String?

  /// Runs `body` with the server's store, whose sessions end with it.
  func withStore<Result>(_ body: (PostgresHotStore) async throws -> Result) async throws -> Result {
    let url = postgres ?? ProcessInfo.processInfo.environment["TOKYO_POSTGRES_URL"] ?? ""
    let store = PostgresHotStore(url)
    do {
      let result = try await body(store)
      await store.close()
      return result
    } catch {
      await store.close()
      throw error
    }
  }
}

/// Which dataset.
struct DatasetOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The dataset, as installed.", valueName: "name"))
  var dataset: DatasetName
}

/// What every operation on an installed dataset needs.
struct OperationOptions: ParsableArguments {
  @OptionGroup var server: ServerOptions
  @OptionGroup var lake: LakeOptions
  @OptionGroup var dataset: DatasetOptions

  var name: DatasetName { dataset.dataset }

  mutating func validate() throws { try lake.require() }

  /// Runs `body` with an ETL between server and lake; sessions end with it.
  func withETL<Result>(_ body: (ETL) async throws -> Result) async throws -> Result {
    let failpoint = try Failpoint()
    return try await lake.withLake { lake in
      try await server.withStore { store in
        let options = ETLOptions(
          onStep: { step in failpoint?.reach(step) }, onProgress: { progress in Console.show(progress) })
        return try await body(ETL(from: store, to: lake, options: options))
      }
    }
  }
}

internal import ArgumentParser
internal import Foundation
internal import TokyoData

/// Where the lake is, and who reads it.
struct LakeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A path, file:///path or s3://bucket/prefix; default $TOKYO_LAKE_URL.", valueName: "url"))
  var lake: String?

  @Option(
    help: ArgumentHelp(
      "The Glue database of a lake on S3; default $TOKYO_GLUE_DATABASE, else tokyo_data.", valueName: "name"))
  var database: String?

  @Option(
    help: ArgumentHelp(
      """
      The workgroup in which Athena answers queries over a lake on S3; default $TOKYO_ATHENA_WORKGROUP, else \
      the lake's files are read without Athena.
      """, valueName: "workgroup"))
  var athena: String?

  /// The lake's place, where one was given.
  var place: String? { lake.flatMap(given) ?? variable("TOKYO_LAKE_URL") }

  /// The database of a lake on S3.
  var databaseName: String { database ?? variable("TOKYO_GLUE_DATABASE") ?? "tokyo_data" }

  /// The workgroup of Athena, where one was given.
  var workgroup: String? { athena.flatMap(given) ?? variable("TOKYO_ATHENA_WORKGROUP") }

  /// Fails where no lake was given.
  func require() throws {
    guard place != nil else { throw ValidationError("Give the lake with --lake or TOKYO_LAKE_URL.") }
  }

  /// Runs `body` with the lake, whose connections end with it.
  func withLake<Result>(_ body: (Lake) async throws -> Result) async throws -> Result {
    guard let place else { throw TokyoDataError(.invalidArgument, "no lake was given") }
    switch try LakePlace(place) {
    case .folder(let path): return try await body(try Lake.local(folder: path))
    case .s3(let bucket, let prefix):
      return try await AWSSession.opened { session in
        try await body(try onS3(bucket: bucket, prefix: prefix, session: session))
      }
    }
  }

  /// Runs `body` with what answers queries over the lake, nil where none was given; connections end with it.
  func withColdStore<Result>(_ body: ((any ColdStore)?) async throws -> Result) async throws -> Result {
    switch try place.map(LakePlace.init) {
    case nil: return try await body(nil)
    case .folder(let path):
      // The variable is a default for lakes that Athena can read, the option is a demand.
      guard athena.flatMap(given) == nil else {
        throw TokyoDataError(.unsupported, "Athena reads lakes on S3 only, and this one is in a folder")
      }
      return try await body(LakeColdStore(try Lake.local(folder: path)))
    case .s3(let bucket, let prefix):
      return try await AWSSession.opened { session in
        let lake = try onS3(bucket: bucket, prefix: prefix, session: session)
        guard let workgroup else { return try await body(LakeColdStore(lake)) }
        return try await body(
          AthenaColdStore(lake, database: databaseName, workgroup: workgroup, session: session))
      }
    }
  }

  /// Region, credentials and endpoints are AWS's own variables and files.
  private func onS3(bucket: String, prefix: String, session: AWSSession) throws -> Lake {
    let layout = try LakeLayout(prefix: prefix)
    return Lake(
      try S3ObjectStore(bucket: bucket, session: session),
      try GlueCatalog(database: databaseName, bucket: bucket, layout: layout, session: session),
      layout: layout)
  }

  private func variable(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name].flatMap(given)
  }

  private func given(_ text: String) -> String? { text.isEmpty ? nil : text }
}

extension AWSSession {
  /// Runs `body` with a session of the environment, whose connections end with it.
  static func opened<Result>(_ body: (AWSSession) async throws -> Result) async throws -> Result {
    let session = try AWSSession()
    do {
      let result = try await body(session)
      await session.close()
      return result
    } catch {
      await session.close()
      throw error
    }
  }
}

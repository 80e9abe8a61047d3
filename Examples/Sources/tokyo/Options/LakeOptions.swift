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

  /// Opens the lake; nil where none was given.
  func open() throws -> Lake? {
    switch try place.map(LakePlace.init) {
    case nil: nil
    case .folder(let path): try Lake.local(folder: path)
    case .s3(let bucket, let prefix): try onS3(bucket: bucket, prefix: prefix, session: AWSSession())
    }
  }

  /// Opens what answers queries over the lake; nil where none was given.
  func openColdStore() throws -> (any ColdStore)? {
    switch try place.map(LakePlace.init) {
    case nil: return nil
    case .folder(let path):
      // The variable is a default for lakes that Athena can read, the option is a demand.
      guard athena.flatMap(given) == nil else {
        throw TokyoDataError(.unsupported, "Athena reads lakes on S3 only, and this one is in a folder")
      }
      return LakeColdStore(try Lake.local(folder: path))
    case .s3(let bucket, let prefix):
      let session = try AWSSession()
      let lake = try onS3(bucket: bucket, prefix: prefix, session: session)
      guard let workgroup else { return LakeColdStore(lake) }
      return AthenaColdStore(lake, database: databaseName, workgroup: workgroup, session: session)
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

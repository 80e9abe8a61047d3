internal import ArgumentParser
internal import Foundation
internal import TokyoData

/// Where the lake is.
struct LakeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A path, file:///path or s3://bucket/prefix; default $TOKYO_LAKE_URL.", valueName: "url"))
  var lake: String?

  @Option(
    help: ArgumentHelp(
      "The Glue database of a lake on S3; default $TOKYO_GLUE_DATABASE, else tokyo_data.", valueName: "name"))
  var database: String?

  /// The lake's place, where one was given.
  var place: String? {
    let place = lake ?? ProcessInfo.processInfo.environment["TOKYO_LAKE_URL"] ?? ""
    return place.isEmpty ? nil : place
  }

  /// Fails where no lake was given.
  func require() throws {
    guard place != nil else { throw ValidationError("Give the lake with --lake or TOKYO_LAKE_URL.") }
  }

  /// Opens the lake; nil where none was given.
  func open() throws -> Lake? {
    guard let place else { return nil }
    guard let end = place.range(of: "://") else { return try Lake.local(folder: place) }
    let rest = place[end.upperBound...]
    switch place[..<end.lowerBound] {
    case "file":
      guard let url = URL(string: place), (url.host() ?? "").isEmpty else {
        throw TokyoDataError(.invalidArgument, "a lake in a folder is a path or file:///path")
      }
      return try Lake.local(folder: url.path(percentEncoded: false))
    case "s3":
      // Not by URL: a bucket and a prefix stand there as they are, with nothing to decode.
      let parts = rest.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      return try onS3(bucket: String(parts[0]), prefix: parts.count > 1 ? String(parts[1]) : "")
    default:
      throw TokyoDataError(.unsupported, "a lake is a path, file:///path or s3://bucket/prefix")
    }
  }

  /// Region, credentials and endpoints are AWS's own variables and files.
  private func onS3(bucket: String, prefix: String) throws -> Lake {
    let prefix = prefix.hasSuffix("/") ? String(prefix.dropLast()) : prefix
    let variable = ProcessInfo.processInfo.environment["TOKYO_GLUE_DATABASE"] ?? ""
    let database = database ?? (variable.isEmpty ? "tokyo_data" : variable)
    let session = try AWSSession()
    let layout = try LakeLayout(prefix: prefix)
    return Lake(
      try S3ObjectStore(bucket: bucket, session: session),
      try GlueCatalog(database: database, bucket: bucket, layout: layout, session: session), layout: layout)
  }
}

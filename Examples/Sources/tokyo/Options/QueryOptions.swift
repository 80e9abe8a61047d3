internal import ArgumentParser
internal import Foundation
internal import TokyoData

/// A query in its JSON form, and the stores that answer it.
struct QueryOptions: ParsableArguments {
  @OptionGroup var server: ServerOptions
  @OptionGroup var lake: LakeOptions

  @Option(help: ArgumentHelp("A file with the query in JSON; - for standard input.", valueName: "file|-"))
  var query: String

  func read() throws -> Query {
    let bytes: Data
    if query == "-" {
      bytes = try FileHandle.standardInput.readToEnd() ?? Data()
    } else {
      guard let read = FileManager.default.contents(atPath: query) else {
        throw TokyoDataError(.notFound, "the file of the query cannot be read")
      }
      bytes = read
    }
    do { return try JSONDecoder().decode(Query.self, from: bytes) } catch let error as DecodingError {
      throw TokyoDataError(.invalidArgument, "the query \(error.place)", cause: error)
    }
  }

  /// Runs `body` with a router over PostgreSQL and, where one was given, the lake.
  func withRouter<Result>(_ body: (Router) async throws -> Result) async throws -> Result {
    try await lake.withColdStore { cold in
      try await server.withStore { store in try await body(Router(hot: store, cold: cold)) }
    }
  }
}

extension DecodingError {
  /// What is wrong where, without the text that was read.
  fileprivate var place: String {
    let (path, complaint): ([any CodingKey], String) =
      switch self {
      case .keyNotFound(let key, let context): (context.codingPath, "lacks the key \(key.stringValue)")
      case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
        (context.codingPath, "cannot be read: \(context.debugDescription)")
      @unknown default: ([], "cannot be read")
      }
    let place = path.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }.joined()
    return complaint + (place.isEmpty ? "" : " at \(place.drop { $0 == "." })")
  }
}

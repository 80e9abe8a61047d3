internal import Foundation
internal import TokyoData

/// Where a lake lies.
enum LakePlace {
  case folder(String)
  case s3(bucket: String, prefix: String)

  init(_ place: String) throws {
    guard let end = place.range(of: "://") else {
      self = .folder(place)
      return
    }
    switch place[..<end.lowerBound] {
    case "file":
      guard let url = URL(string: place), (url.host() ?? "").isEmpty else {
        throw TokyoDataError(.invalidArgument, "a lake in a folder is a path or file:///path")
      }
      self = .folder(url.path(percentEncoded: false))
    case "s3":
      // Not by URL: a bucket and a prefix stand there as they are, with nothing to decode.
      let parts = place[end.upperBound...].split(
        separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      let prefix = parts.count > 1 ? String(parts[1]) : ""
      self = .s3(
        bucket: String(parts[0]), prefix: prefix.hasSuffix("/") ? String(prefix.dropLast()) : prefix)
    default:
      throw TokyoDataError(.unsupported, "a lake is a path, file:///path or s3://bucket/prefix")
    }
  }
}

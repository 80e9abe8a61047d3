/// Where the requests of a service go, and how they are signed.
struct Endpoint: Sendable, Hashable {
  var origin: HTTPOrigin
  /// What stands in front of every path: that of a custom endpoint, and the bucket where it is not in the
  /// host; percent-encoded, without a slash at its end.
  var path = ""
  /// The region in the scope of signatures.
  var region: String
}

internal import Foundation
internal import TokyoDataAWS

/// Objects from and into files.
struct Objects {
  private let store: S3ObjectStore

  init(bucket: String, prefix: String) throws {
    store = try S3ObjectStore(bucket: bucket, prefix: prefix, session: AWSSession())
  }

  func put(_ key: String, from file: String) async throws {
    try await store.put(Array(Data(contentsOf: URL(filePath: file))), as: ObjectKey(key))
  }

  func get(_ key: String, into file: String) async throws {
    try Data(await store.get(ObjectKey(key))).write(to: URL(filePath: file))
  }

  /// A line of JSON for each object.
  func list() async throws {
    for object in try await store.list(prefix: "") {
      try JSONLine.print(["key": object.key.path, "size": object.size])
    }
  }
}

enum JSONLine {
  static func print(_ fields: [String: Any]) throws {
    let line = try JSONSerialization.data(withJSONObject: fields, options: .sortedKeys)
    Swift.print(String(decoding: line, as: UTF8.self))
  }
}

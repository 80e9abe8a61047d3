internal import TokyoDataAWS

/// Moves all that a folder or a prefix holds, many at a time.
struct Transfer: Sendable {
  enum Way: String {
    case up, down
  }

  /// How many objects are under way at once.
  private static let width = 32
  private static let pieceSize = 1 << 20

  let store: S3ObjectStore
  let prefix: String
  let folder: String

  func run(_ way: Way) async throws {
    switch way {
    case .up:
      try await each(of: try LocalFile.names(in: folder)) { name in
        try await put(LocalFile(reading: "\(folder)/\(name)"), as: ObjectKey("\(prefix)/\(name)"))
      }
    case .down:
      try await each(of: try await store.list(prefix: "\(prefix)/")) { object in
        let file = try LocalFile(creating: "\(folder)/\(object.key.name)")
        try await store.read(object.key) { try file.write($0) }
      }
    }
  }

  private func put(_ file: LocalFile, as key: ObjectKey) async throws {
    let size = try file.size()
    guard size > Self.pieceSize else { return try await store.put(try file.read(size), as: key) }
    try await store.withUpload(of: size, to: key) { upload in
      while case let piece = try file.read(Self.pieceSize), !piece.isEmpty { try await upload.write(piece) }
    }
  }

  private func each<Element: Sendable>(
    of elements: [Element], _ work: @escaping @Sendable (Element) async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, element) in elements.enumerated() {
        if index >= Self.width { try await group.next() }
        group.addTask { try await work(element) }
      }
      try await group.waitForAll()
    }
  }
}

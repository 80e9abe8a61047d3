internal import TokyoDataCore
public import TokyoDataLake

extension S3ObjectStore {
  /// What S3 copies in one request.
  private static let largestCopy = 5 << 30

  /// Copies an object within the bucket, on S3's side, unless the key is taken.
  ///
  /// - Throws: `TokyoDataError.notFound` where there is no such object, `.conflict` where the key is taken or
  ///   the source changed meanwhile.
  public func copy(_ source: ObjectKey, to key: ObjectKey) async throws {
    let (from, to) = (path(of: source), path(of: key))
    try await run(key.name) {
      guard let head = try await client.head(from) else {
        throw TokyoDataError(.notFound, "\(source.name): no such object")
      }
      guard head.size > Self.largestCopy else {
        return try await client.copy(from, etag: head.etag, to: to)
      }
      try await client.copyInParts(
        from, head, to: to, plan: PartPlan(partSize: 256 << 20, objectSize: head.size),
        width: max(1, options.width))
    }
  }
}

extension S3Client {
  /// Copies an object by parts, unless the key is taken; where that fails, nothing is left behind.
  func copyInParts(
    _ source: String, _ head: S3ObjectHead, to key: String, plan: PartPlan, width: Int
  ) async throws {
    let mark = WriteMark()
    let id = try await createUpload(key, mark: mark)
    let ranges = stride(from: 0, to: head.size, by: plan.size(ofPart: 1)).map {
      $0..<min($0 + plan.size(ofPart: 1), head.size)
    }
    var parts: [S3Part] = []
    do {
      try await withThrowingTaskGroup(of: S3Part.self) { group in
        for (index, range) in ranges.enumerated() {
          if index >= width, let part = try await group.next() { parts.append(part) }
          group.addTask {
            try await copyPart(range, of: source, etag: head.etag, number: index + 1, of: id, to: key)
          }
        }
        for try await part in group { parts.append(part) }
      }
    } catch {
      await Task { await abort(id, of: key) }.value
      throw error
    }
    try await completeUpload(id, parts: parts.sorted { $0.number < $1.number }, to: key, mark: mark)
  }
}

/// Encodes the columns of a row group, some of them at once.
struct RowGroupEncoder {
  let settings: [ChunkSettings]
  /// How many columns are encoded at once.
  let parallelism: Int

  /// The chunks in the columns' order.
  func encode(_ leaves: [LeafSlots]) async throws -> [EncodedChunk] {
    guard parallelism > 1, leaves.count > 1 else {
      var chunks: [EncodedChunk] = []
      for (slots, settings) in zip(leaves, settings) {
        try Task.checkCancellation()
        chunks.append(try Self.encode(slots, settings))
      }
      return chunks
    }
    // The largest first, so that none of them begins when all others are done.
    var waiting = leaves.indices.sorted {
      (leaves[$0].byteCount, $0) < (leaves[$1].byteCount, $1)
    }
    var chunks = [EncodedChunk?](repeating: nil, count: leaves.count)
    try await withThrowingTaskGroup(of: (column: Int, chunk: EncodedChunk).self) { group in
      var running = 0
      while running > 0 || !waiting.isEmpty {
        while running < parallelism, let column = waiting.popLast() {
          let (slots, settings) = (leaves[column], settings[column])
          group.addTask {
            try Task.checkCancellation()
            return (column, try Self.encode(slots, settings))
          }
          running += 1
        }
        guard let done = try await group.next() else { break }
        chunks[done.column] = done.chunk
        running -= 1
      }
    }
    return chunks.compactMap(\.self)
  }

  private static func encode(
    _ slots: LeafSlots, _ settings: ChunkSettings
  ) throws(ParquetError) -> EncodedChunk {
    do throws(ParquetError) { return try ChunkEncoder.encode(slots, settings) } catch {
      throw error.at(column: settings.leaf.name)
    }
  }
}

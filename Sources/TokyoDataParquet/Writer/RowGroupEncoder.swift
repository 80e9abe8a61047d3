/// Encodes the columns of a row group, some of them at once.
struct RowGroupEncoder {
  private let columns: [ChunkEncoder]
  /// How many columns are encoded at once.
  private let parallelism: Int

  init(_ settings: [ChunkSettings], parallelism: Int, _ scratch: Scratch) {
    columns = settings.map { ChunkEncoder(settings: $0, scratch: scratch) }
    self.parallelism = parallelism
  }

  /// The bytes that leaves take when encoded.
  func byteCount(_ leaves: [LeafSlots], rowGroup: Int) throws(ParquetError) -> Int {
    var count = 0
    for (column, slots) in leaves.enumerated() { count += try encode(slots, column, rowGroup).bytes.count }
    return count
  }

  /// Appends the chunks in the columns' order, and gives what the footer says of them.
  ///
  /// While columns are encoded side by side, those that are finished go into the sink; when all are encoded,
  /// some may still wait in the output.
  func encode<Sink: ParquetSink>(
    _ leaves: [LeafSlots], rowGroup: Int, to output: inout FileOutput<Sink>
  ) async throws -> [ChunkRecord] {
    guard parallelism > 1, leaves.count > 1 else { return try await encodeEach(leaves, rowGroup, &output) }
    var records: [ChunkRecord] = []
    // The largest first, so that none of them begins when all others are done.
    var waiting = leaves.indices.sorted {
      (leaves[$0].byteCount, $0) < (leaves[$1].byteCount, $1)
    }
    var done = [EncodedChunk?](repeating: nil, count: leaves.count)
    try await withThrowingTaskGroup(of: (column: Int, chunk: EncodedChunk).self) { group in
      var running = 0
      while running > 0 || !waiting.isEmpty {
        while running < parallelism, let column = waiting.popLast() {
          let slots = leaves[column]
          group.addTask {
            try Task.checkCancellation()
            return (column, try encode(slots, column, rowGroup))
          }
          running += 1
        }
        if try await output.putNext() { continue }
        guard let next = try await group.next() else { break }
        running -= 1
        done[next.column] = next.chunk
        while records.count < done.count, let chunk = done[records.count].take() {
          records.append(chunk.append(to: &output))
        }
      }
    }
    return records
  }

  private func encodeEach<Sink: ParquetSink>(
    _ leaves: [LeafSlots], _ rowGroup: Int, _ output: inout FileOutput<Sink>
  ) async throws -> [ChunkRecord] {
    var records: [ChunkRecord] = []
    for (column, slots) in leaves.enumerated() {
      try Task.checkCancellation()
      records.append(try encode(slots, column, rowGroup).append(to: &output))
      try await output.putAll()
    }
    return records
  }

  private func encode(
    _ slots: LeafSlots, _ column: Int, _ rowGroup: Int
  ) throws(ParquetError) -> EncodedChunk {
    do throws(ParquetError) { return try columns[column].encode(slots) } catch {
      throw error.at(column: columns[column].settings.leaf.name).at(rowGroup: rowGroup)
    }
  }
}

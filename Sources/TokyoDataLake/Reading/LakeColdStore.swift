public import TokyoDataCore

/// The cold store that reads the lake's files itself: no server, only ranges of objects.
///
/// Versions whose day or summary proves that they hold nothing of the query are not opened; of the others it
/// reads the manifest, the footers, and the needed columns of the row groups whose statistics do not exclude
/// them. Several versions are read at once; their batches are handed on in the versions' order, and a reader
/// that runs ahead waits, so memory stays bounded by a row group and a few batches for each of them.
public struct LakeColdStore: ColdStore {
  /// `lake`.
  public let name = "lake"
  private let lake: Lake
  private let width: Int

  /// Makes a reader of a lake that reads at most `width` versions at once.
  public init(_ lake: Lake, width: Int = 4) {
    self.lake = lake
    self.width = max(1, width)
  }

  /// Reads the part of a query that lies in the versions, from their files.
  public func read(
    _ query: ResolvedQuery, from versions: [PinnedVersion], _ consume: (ColumnBatch) async throws -> Void
  ) async throws -> ReadStatistics {
    let surviving = versions.filter { query.mayMatch($0.record) }
    let counter = ReadCounter()
    let channels = surviving.map { _ in BatchChannel<ColumnBatch>(capacity: 2) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      var started = 0
      func start() {
        guard started < surviving.count else { return }
        let channel = channels[started]
        let reader = VersionReader(lake: lake, query: query, version: surviving[started], counter: counter)
        started += 1
        group.addTask {
          // Errors travel in the channel, so that they come after the batches before them.
          do {
            try await reader.read { try await channel.send($0) }
            channel.finish(.success(()))
          } catch { channel.finish(.failure(error)) }
        }
      }
      for _ in 0..<width { start() }
      var room = query.unorderedLimit
      for channel in channels {
        while let batch = try await channel.next() {
          try await consume(batch)
          room = room.map { $0 - batch.rowCount }
          if let room, room <= 0 {
            group.cancelAll()
            return
          }
        }
        start()
      }
    }
    return counter.statistics
  }

  /// The encoded bytes of the query's columns in the versions that may match, from their summaries.
  public func estimate(_ query: ResolvedQuery, from versions: [PinnedVersion]) -> ScanEstimate {
    ScanEstimate(bytes: query.encodedBytes(in: versions))
  }
}

extension ResolvedQuery {
  /// How many rows suffice, whichever they are; nil where all count.
  fileprivate var unorderedLimit: Int? {
    query.isGrouped || !sortKeys.isEmpty ? nil : query.limit
  }
}

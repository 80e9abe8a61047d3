internal import TokyoDataCore

extension GlueClient {
  /// Creates partitions; one that is there already is left as it is.
  func create(_ partitions: [GluePartition], in table: String, _ rounds: GlueRounds) async throws {
    try await inBatches(
      partitions, by: \.values, of: BatchSize.create, .batchCreatePartition,
      settled: GlueErrorCode.alreadyExists, rounds
    ) { try await createPartitions(of: table, $0) }
  }

  /// Replaces partitions; one that is not there stays away.
  func update(_ partitions: [GluePartition], in table: String, _ rounds: GlueRounds) async throws {
    try await inBatches(
      partitions, by: \.values, of: BatchSize.update, .batchUpdatePartition,
      settled: GlueErrorCode.notFound, rounds
    ) { try await updatePartitions(of: table, $0) }
  }

  /// Deletes partitions; one that is not there is deleted already.
  func delete(_ values: [[String]], in table: String, _ rounds: GlueRounds) async throws {
    try await inBatches(
      values, by: \.self, of: BatchSize.delete, .batchDeletePartition, settled: GlueErrorCode.notFound, rounds
    ) { try await deletePartitions(of: table, $0) }
  }

  /// Reads partitions with their columns; those that are not there are left out.
  func get(_ values: [[String]], in table: String, _ rounds: GlueRounds) async throws -> [GluePartition] {
    var found: [GluePartition] = []
    var seen: Set<[String]> = []
    for batch in values.filter({ seen.insert($0).inserted }).batches(of: BatchSize.get) {
      var left = batch
      for round in 0... {
        let answer = try await getPartitions(of: table, left)
        found += answer.found
        let asked = Set(left)
        left = answer.unprocessed.filter(asked.contains)
        guard !left.isEmpty else { break }
        guard round < rounds.count else {
          throw TokyoDataError(
            .unavailable, "\(left.count) partitions could not be read",
            context: .init(operation: AWSOperation.batchGetPartition.name, attempts: round + 1))
        }
        try await rounds.wait(before: round + 1)
      }
    }
    return found
  }

  /// Hands items over in batches, and those again that fail for a reason that may pass.
  ///
  /// - Throws: `TokyoDataError` caused by the first item's `AWSServiceError`, after all items were tried.
  private func inBatches<Item>(
    _ items: [Item], by values: (Item) -> [String], of size: Int, _ operation: AWSOperation, settled: String,
    _ rounds: GlueRounds, _ call: ([Item]) async throws -> [GlueItemError]
  ) async throws {
    var left = items
    var failures: [GlueItemError] = []
    for round in 0... {
      var passing: [Item] = []
      for batch in left.batches(of: size) {
        let errors = try await call(batch).filter { $0.code != settled }
        let (again, lost) = errors.partitioned {
          round < rounds.count && GlueErrorCode.passing.contains($0.code)
        }
        failures += lost
        let named = Set(again.map(\.values))
        passing += batch.filter { named.contains(values($0)) }
      }
      left = passing
      guard !left.isEmpty else { break }
      try await rounds.wait(before: round + 1)
    }
    if let first = failures.first { throw failure(first, of: failures.count, operation) }
  }

  private func failure(_ first: GlueItemError, of count: Int, _ operation: AWSOperation) -> TokyoDataError {
    let cause = AWSServiceError(
      service: operation.service.rawValue, operation: operation.name, code: first.code, status: 200,
      message: first.errorDetail?.errorMessage)
    return TokyoDataError(
      cause.tokyoDataCode, "Glue refused \(count) partitions", context: .init(operation: operation.name),
      cause: cause)
  }
}

extension Array {
  /// Pieces of at most `size` elements, in order.
  func batches(of size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }

  /// The elements that a condition holds for, and the others.
  fileprivate func partitioned(_ condition: (Element) -> Bool) -> (matching: [Element], others: [Element]) {
    (filter(condition), filter { !condition($0) })
  }
}

public import TokyoDataCore

/// Typed writes: one statement for many rows.
extension PostgresHotTransaction {
  /// From this many rows on an insert is a binary COPY, which costs more to begin and less a row.
  public static let rowsForCopy = 1_000

  /// Adds rows: below ``rowsForCopy`` by INSERT, from there by binary COPY where the columns allow it.
  ///
  /// COPY takes no part in row security: where a policy applies to the role, insert fewer rows at once.
  ///
  /// - Throws: `TokyoDataError.conflict` where a key is taken.
  public func insert(_ rows: ColumnBatch, into dataset: DatasetName) async throws {
    try await write("insert", dataset) { session, target in
      let table = target.table
      if rows.rowCount >= Self.rowsForCopy, table.takesCopy(of: rows.schema) {
        try await session.copyIn(rows, into: table.name.schema, table.name.table)
      } else {
        try await add(rows, to: table, conflict: "", in: session)
      }
    }
  }

  /// Adds the rows of batches as they come: from the first of ``rowsForCopy`` rows on by one binary COPY.
  ///
  /// A batch is asked for when the socket has taken the one before.
  ///
  /// - Returns: how many rows were added.
  /// - Throws: `TokyoDataError.conflict` where a key is taken; what `next` throws.
  @discardableResult
  public func insert(
    into dataset: DatasetName, _ next: () async throws -> ColumnBatch?
  ) async throws -> Int {
    try await translating("insert", of: dataset) {
      _ = targets.touch()
      let session = session
      // A COPY cannot be repeated with rows that were given away, so what is known of the table is not enough.
      let target = try await WriteTarget(of: dataset, in: session)
      targets.keep(target)
      let table = target.table
      var count = 0
      while let rows = try await next() {
        guard rows.rowCount >= Self.rowsForCopy, table.takesCopy(of: rows.schema) else {
          try await add(rows, to: table, conflict: "", in: session)
          count += rows.rowCount
          continue
        }
        var first: ColumnBatch? = rows
        return count
          + (try await session.copyIn(into: table.name.sql) {
            if let batch = first.take() { return batch }
            return try await next()
          })
      }
      return count
    }
  }

  /// Adds rows, or replaces those of the same primary key.
  public func upsert(_ rows: ColumnBatch, into dataset: DatasetName) async throws {
    try await write("upsert", dataset) { session, target in
      let definition = target.dataset
      guard !definition.primaryKey.isEmpty else {
        throw TokyoDataError(.unsupported, "a dataset without primary key has nothing to replace by")
      }
      let key = definition.primaryKey.map { column -> PostgresStatement in "\(identifier: column)" }
      let changes = rows.schema.fields.map(\.name).filter { !definition.primaryKey.contains($0) }
        .map { column -> PostgresStatement in "\(identifier: column) = excluded.\(identifier: column)" }
      let action: PostgresStatement =
        changes.isEmpty ? "DO NOTHING" : "DO UPDATE SET \(.joining(changes, separator: ", "))"
      try await add(
        rows, to: target.table, conflict: " ON CONFLICT (\(.joining(key, separator: ", "))) \(action)",
        in: session)
    }
  }

  /// Replaces the rows with the days and primary keys of these rows.
  ///
  /// - Returns: how many rows were replaced.
  /// - Throws: `TokyoDataError.daysUnavailable` naming the day of a row that is only in cold;
  ///   `.invalidArgument` where two of the rows have one key.
  @discardableResult
  public func update(_ rows: ColumnBatch, in dataset: DatasetName) async throws -> Int {
    try await write("update", dataset) { session, target in
      let (definition, table) = (target.dataset, target.table)
      let match = try RowMatch(rows, of: definition, in: table)
      try match.refuseRepetition()
      return try await apply(match, definition, in: session) { chunk in
        var given = try match.source(chunk)
        let first = match.columnCount
        let changes = rows.schema.fields.enumerated().filter { _, field in
          !definition.primaryKey.contains(field.name)
        }.map { column, field -> (Int, ColumnField) in (column, field) }
        for (column, field) in changes {
          given.add(try table.typeName(field.name), chunk.map { rows.columns[column][$0] })
        }
        let settings = changes.indices.map { index -> PostgresStatement in
          "\(identifier: changes[index].1.name) = given.\(SourceRows.name(first + index))"
        }
        // Without anything to set, a row is only to be there.
        let nothing: [PostgresStatement] = definition.primaryKey.prefix(1).map {
          "\(identifier: $0) = target.\(identifier: $0)"
        }
        let set = settings.isEmpty ? nothing : settings
        return """
          UPDATE \(table.name.sql) AS target SET \(.joining(set, separator: ", "))
          FROM \(try given.from("given")) WHERE \(try match.condition(chunk))
          RETURNING given.\(SourceRows.place)
          """
      }
    }
  }

  /// Deletes the rows with the days and primary keys of these rows.
  ///
  /// - Returns: how many rows were deleted.
  /// - Throws: `TokyoDataError.daysUnavailable` naming the day of a row that is only in cold.
  @discardableResult
  public func delete(_ rows: ColumnBatch, from dataset: DatasetName) async throws -> Int {
    try await write("delete", dataset) { session, target in
      let (definition, table) = (target.dataset, target.table)
      let match = try RowMatch(rows, of: definition, in: table)
      return try await apply(match, definition, in: session) { chunk in
        """
        DELETE FROM \(table.name.sql) AS target USING \(try match.source(chunk).from("given"))
        WHERE \(try match.condition(chunk)) RETURNING given.\(SourceRows.place)
        """
      }
    }
  }

  /// Runs a write by what is known of its table; where that may be out of date, by what the server says now.
  ///
  /// A statement that fails takes its transaction with it, so a write runs a second time only where nothing of
  /// it was sent, or where it is the first that the transaction does.
  private func write<Result>(
    _ operation: String, _ name: DatasetName,
    _ body: (PostgresTransaction, WriteTarget) async throws -> Result
  ) async throws -> Result {
    try await translating(operation, of: name) {
      let isFirst = targets.touch()
      let session = session
      if let known = targets.target(of: name) {
        do { return try await body(session, known) } catch {
          let isUnsent = WriteTargets.isUnsent(error)
          guard isUnsent || WriteTargets.isDoubted(by: error) else { throw error }
          targets.forget(name)
          guard isUnsent || isFirst else { throw error }
          if !isUnsent {
            try await session.connection.restart(session.token, targets.level, session.limits())
          }
        }
      }
      let target = try await WriteTarget(of: name, in: session)
      targets.keep(target)
      return try await body(session, target)
    }
  }

  private func add(
    _ rows: ColumnBatch, to table: SourceTable, conflict: PostgresStatement, in session: PostgresTransaction
  ) async throws {
    let fields = rows.schema.fields
    let names = fields.map { field -> PostgresStatement in "\(identifier: field.name)" }
    let values = fields.indices.map(SourceRows.name)
    for chunk in rows.chunks(of: SourceRows.limit(columns: fields.count)) {
      var given = SourceRows()
      for (field, column) in zip(fields, rows.columns) {
        given.add(try table.typeName(field.name), chunk.map { column[$0] })
      }
      try await session.execute(
        """
        INSERT INTO \(table.name.sql) (\(.joining(names, separator: ", ")))
        SELECT \(.joining(values, separator: ", ")) FROM \(try given.from("given"))
        ORDER BY \(SourceRows.place)\(conflict)
        """)
    }
  }

  /// Runs a statement for every chunk of rows; it returns the places of those that it found.
  private func apply(
    _ match: RowMatch, _ dataset: Dataset, in session: PostgresTransaction,
    _ statement: (Range<Int>) throws -> PostgresStatement
  ) async throws -> Int {
    var found = 0
    for chunk in match.rows.chunks(of: SourceRows.limit(columns: 2 * match.rows.schema.count + 2)) {
      let answer = try await session.ask(try statement(chunk))
      let places = Set((0..<answer.rowCount).map { answer.columns[0].integer($0) })
      found += answer.rowCount
      let missing = chunk.filter { !places.contains(Int64($0 - chunk.lowerBound + 1)) }
      if !missing.isEmpty {
        try await requireNotCold(Set(missing.compactMap { match.days[$0] }), dataset, in: session)
      }
    }
    return found
  }

  /// Plain SQL would change zero rows and say nothing; so would a write that went by a former definition.
  private func requireNotCold(
    _ days: Set<Day>, _ dataset: Dataset, in session: PostgresTransaction
  ) async throws {
    let answer = try await session.ask(
      """
      SELECT d.definition, (
        SELECT min(c.day) FROM tokyo_data.coverage c
        WHERE c.dataset = d.name AND c.state = 'cold' AND c.day = ANY(\(days.map(\.description))::text[]::date[])
      ) AS day
      FROM tokyo_data.datasets d WHERE d.name = \("\(dataset.name)")
      """)
    guard answer.rowCount > 0,
      try LedgerText.decode(Dataset.self, from: answer.columns[0].text(0)) == dataset
    else { throw WriteTargets.outOfDate }
    guard case .date(let day) = answer.columns[1][0] else { return }
    throw TokyoDataError(
      .daysUnavailable, "the row is only in the lake: rehydrate its day, or amend it through the ETL",
      context: .init(day: day))
  }
}

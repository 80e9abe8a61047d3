/// Collects rows, column by column, and becomes a ``ColumnBatch``.
public struct ColumnBatchBuilder: ~Copyable {
  /// The columns' names and types.
  public let schema: ColumnSchema
  // Builders do not copy, so they cannot live in an Array; this memory is theirs alone until `deinit`. Not a
  // buffer pointer: under the thread sanitizer, Swift 6.3.1 cannot compile throwing calls on its elements.
  private let builders: UnsafeMutablePointer<ColumnBuilder>

  /// Makes an empty builder, with room for `capacity` rows.
  public init(_ schema: ColumnSchema, capacity: Int = 0) {
    self.schema = schema
    builders = .allocate(capacity: schema.count)
    for (index, field) in schema.fields.enumerated() {
      (builders + index).initialize(to: ColumnBuilder(field.type))
      slot(index).pointee.reserve(capacity)
    }
  }

  deinit {
    builders.deinitialize(count: schema.count)
    builders.deallocate()
  }

  /// Where one column's builder lies.
  ///
  /// Called, not subscripted, wherever a builder is changed: for `builders[index]` the thread sanitizer of
  /// Swift 6.3.1 also takes the schema's array, which builders of many tasks share, to be written.
  private func slot(_ index: Int) -> UnsafeMutablePointer<ColumnBuilder> { builders + index }

  /// How many rows the first column has so far.
  public var rowCount: Int { schema.count == 0 ? 0 : builders[0].count }

  /// The bytes that the values take in memory so far.
  public var byteCount: Int { (0..<schema.count).reduce(0) { $0 + builders[$1].byteCount } }

  /// The builder of one column.
  public subscript(index: Int) -> ColumnBuilder {
    _read {
      assert((0..<schema.count).contains(index))
      yield builders[index]
    }
    _modify {
      assert((0..<schema.count).contains(index))
      yield &slot(index).pointee
    }
  }

  /// Adds a row of values in the schema's order.
  ///
  /// - Throws: `ColumnError` naming the column; values of the row before it are then already added, so
  ///   the builder must be thrown away.
  public mutating func append(row: [ColumnValue]) throws(ColumnError) {
    guard row.count == schema.count else {
      throw ColumnError(.invalidBatch, "a row of \(row.count) values for a schema of \(schema.count)")
    }
    for index in row.indices {
      do throws(ColumnError) { try slot(index).pointee.append(row[index]) } catch {
        throw error.inColumn(schema.fields[index].name)
      }
    }
  }

  /// Adds a row of a batch with the same schema.
  ///
  /// - Throws: `ColumnError` naming the column.
  public mutating func append(row: Int, of batch: ColumnBatch) throws(ColumnError) {
    for index in 0..<schema.count {
      do throws(ColumnError) { try slot(index).pointee.append(slot: row, of: batch.columns[index]) } catch {
        throw error.inColumn(schema.fields[index].name)
      }
    }
  }

  /// Takes the rows collected so far as a batch and starts anew.
  ///
  /// - Throws: `ColumnError.invalidBatch` where columns differ in length or hold forbidden nulls.
  public mutating func finish() throws(ColumnError) -> ColumnBatch {
    let rowCount = rowCount
    var columns: [ColumnVector] = []
    columns.reserveCapacity(schema.count)
    for (index, field) in schema.fields.enumerated() {
      let full = (builders + index).move()
      (builders + index).initialize(to: ColumnBuilder(field.type))
      columns.append(full.finish())
    }
    return try ColumnBatch(schema: schema, columns: columns, rowCount: rowCount)
  }
}

/// Computes expressions over the columns of a batch, a whole column at a time.
struct ExpressionEvaluator {
  let schema: ColumnSchema
  /// The columns of `schema`; nil where the batch does not bring one.
  let columns: [ColumnVector?]
  let rowCount: Int

  /// For the columns of a batch, found by name; those it lacks read as null.
  init(_ batch: ColumnBatch, schema: ColumnSchema) throws(TokyoDataError) {
    var found: [ColumnVector?] = []
    for field in schema.fields {
      let column = batch.schema.index(of: field.name).map { batch.columns[$0] }
      guard column?.type ?? field.type == field.type else {
        throw TokyoDataError(
          .typeMismatch, "a batch brings \(column?.type ?? field.type) where \(field.type) is due",
          context: .init(column: field.name))
      }
      found.append(column)
    }
    self.init(schema: schema, columns: found, rowCount: batch.rowCount)
  }

  private init(schema: ColumnSchema, columns: [ColumnVector?], rowCount: Int) {
    self.schema = schema
    self.columns = columns
    self.rowCount = rowCount
  }

  /// The same for some of the rows, and only these columns.
  func gathering(_ rows: [Int], columns names: Set<String>) -> ExpressionEvaluator {
    ExpressionEvaluator(
      schema: schema,
      columns: zip(schema.fields, columns).map { field, column in
        names.contains(field.name) ? column?.gathering(rows) : nil
      }, rowCount: rows.count)
  }

  /// The column with this name; of nulls where the batch does not bring it.
  func column(_ name: String) throws(TokyoDataError) -> ColumnVector {
    guard let index = schema.index(of: name) else {
      throw TokyoDataError(.unknownColumn, "no such column", context: .init(column: name))
    }
    return columns[index] ?? .nulls(schema.fields[index].type, count: rowCount)
  }

  /// The values of an expression.
  ///
  /// - Throws: `TokyoDataError.valueOutOfRange` naming the column where a row's arithmetic overflows.
  func evaluate(_ expression: ColumnExpression) throws(TokyoDataError) -> ColumnVector {
    let type = try ExpressionResolver(schema: schema).typed(expression).1
    return try evaluate(expression, as: type)
  }

  private func evaluate(_ expression: ColumnExpression, as type: ColumnType) throws(TokyoDataError)
    -> ColumnVector
  {
    switch expression {
    case .column(let name): return try column(name)
    case .literal(let value): return try .repeating(value, type, count: rowCount)
    case .add(let left, let right): return try combine(.add, left, right, as: type)
    case .subtract(let left, let right): return try combine(.subtract, left, right, as: type)
    case .multiply(let left, let right): return try combine(.multiply, left, right, as: type)
    }
  }

  private func combine(
    _ operation: ArithmeticKernel.Operation, _ left: ColumnExpression, _ right: ColumnExpression,
    as type: ColumnType
  ) throws(TokyoDataError) -> ColumnVector {
    let resolver = ExpressionResolver(schema: schema)
    // A lone null takes the result's type, and makes it null whatever the other side is.
    let a = try evaluate(left, as: resolver.resolve(left).1 ?? type)
    let b = try evaluate(right, as: resolver.resolve(right).1 ?? type)
    do throws(TokyoDataError) {
      return try ArithmeticKernel(operation: operation, type: type).combine(a, b)
    } catch {
      throw error.adding(.init(column: left.columns.union(right.columns).sorted().first))
    }
  }
}

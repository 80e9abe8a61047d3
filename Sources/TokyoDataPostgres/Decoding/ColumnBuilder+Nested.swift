internal import TokyoDataCore

/// A nested builder's closures throw `ColumnError`; ours throw `PostgresError`, which is carried around them.
///
/// After an error the builder holds part of a value and is good for nothing.
extension ColumnBuilder {
  mutating func appendList(
    reading body: (_ elements: inout ColumnBuilder) throws(PostgresError) -> Void
  ) throws(PostgresError) {
    var failure: PostgresError?
    do throws(ColumnError) {
      try appendList { (elements) throws(ColumnError) in
        do throws(PostgresError) { try body(&elements) } catch {
          failure = error
          throw Self.stopped
        }
      }
    } catch { throw failure ?? PostgresError(.valueNotRepresentable, error.message, cause: error) }
  }

  mutating func appendStructure(
    reading body: (_ field: Int, _ values: inout ColumnBuilder) throws(PostgresError) -> Void
  ) throws(PostgresError) {
    var failure: PostgresError?
    do throws(ColumnError) {
      try appendStructure { (field, values) throws(ColumnError) in
        do throws(PostgresError) { try body(field, &values) } catch {
          failure = error
          throw Self.stopped
        }
      }
    } catch { throw failure ?? PostgresError(.valueNotRepresentable, error.message, cause: error) }
  }

  mutating func appendMap(
    reading body: (_ keys: inout ColumnBuilder, _ values: inout ColumnBuilder) throws(PostgresError) -> Void
  ) throws(PostgresError) {
    var failure: PostgresError?
    do throws(ColumnError) {
      try appendMap { (keys, values) throws(ColumnError) in
        do throws(PostgresError) { try body(&keys, &values) } catch {
          failure = error
          throw Self.stopped
        }
      }
    } catch { throw failure ?? PostgresError(.valueNotRepresentable, error.message, cause: error) }
  }

  private static var stopped: ColumnError { ColumnError(.invalidBatch, "a value that cannot be read") }
}

/// The builders below one of a nested type, behind a reference because builders do not copy.
///
/// `@unchecked Sendable`: only the one non-copyable builder that made it ever refers to it, so it moves
/// between tasks with that builder and never lies in two.
final class ColumnBuilders: @unchecked Sendable {
  private let builders: UnsafeMutableBufferPointer<ColumnBuilder>

  init(_ types: [ColumnType]) {
    builders = .allocate(capacity: types.count)
    for (index, type) in types.enumerated() {
      builders.initializeElement(at: index, to: ColumnBuilder(type))
    }
  }

  deinit {
    builders.deinitialize()
    builders.deallocate()
  }

  var byteCount: Int { builders.indices.reduce(0) { $0 + builders[$1].byteCount } }

  func count(_ index: Int) -> Int { builders[index].count }

  func reserve(_ count: Int) {
    for index in builders.indices { builders[index].reserve(count) }
  }

  func appendNulls() {
    for index in builders.indices { builders[index].appendNull() }
  }

  func modify(
    _ index: Int, _ body: (inout ColumnBuilder) throws(ColumnError) -> Void
  ) throws(ColumnError) {
    try body(&builders[index])
  }

  func modify(
    _ first: Int, and second: Int,
    _ body: (inout ColumnBuilder, inout ColumnBuilder) throws(ColumnError) -> Void
  ) throws(ColumnError) {
    guard let base = builders.baseAddress else { return }
    try body(&base[first], &base[second])
  }

  /// The finished columns; the builders start anew.
  func finish() -> [ColumnVector] {
    builders.indices.map { index in
      let full = builders.moveElement(from: index)
      builders.initializeElement(at: index, to: ColumnBuilder(full.type))
      return full.finish()
    }
  }
}

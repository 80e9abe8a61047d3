/// Memory of one owner for a number of values, without any content at first.
struct OwnedBuffer<Element: BitwiseCopyable>: ~Copyable {
  private let memory: UnsafeMutableBufferPointer<Element>

  /// Makes room for values, and behind them for `slack` more that kernels may read.
  init(_ count: Int, slack: Int = 0) {
    let whole = UnsafeMutableBufferPointer<Element>.allocate(capacity: count + slack)
    memory = UnsafeMutableBufferPointer(rebasing: whole[..<count])
  }

  deinit { memory.baseAddress?.deallocate() }

  var count: Int { memory.count }
  /// The values, lent as long as the owner lives.
  var values: UnsafeBufferPointer<Element> { UnsafeBufferPointer(memory) }
  /// The same for those who fill them in.
  var mutable: UnsafeMutableBufferPointer<Element> { memory }
}

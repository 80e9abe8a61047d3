/// Memory of one owner for a number of values, without any content at first.
struct OwnedBuffer<Element: BitwiseCopyable>: ~Copyable {
  private let block: UnsafeMutableRawBufferPointer
  private let memory: UnsafeMutableBufferPointer<Element>
  private let scratch: Scratch

  /// Makes room for values, and behind them for `slack` more that kernels may read.
  init(_ count: Int, slack: Int = 0, from scratch: Scratch) {
    block = scratch.block(byteCount: (count + slack) * MemoryLayout<Element>.stride)
    memory = UnsafeMutableBufferPointer(rebasing: block.bindMemory(to: Element.self)[..<count])
    self.scratch = scratch
  }

  deinit { scratch.keep(block) }

  var count: Int { memory.count }
  /// The values, lent as long as the owner lives.
  var values: UnsafeBufferPointer<Element> { UnsafeBufferPointer(memory) }
  /// The same for those who fill them in.
  var mutable: UnsafeMutableBufferPointer<Element> { memory }
}

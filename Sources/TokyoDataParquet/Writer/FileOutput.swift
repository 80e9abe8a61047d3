/// The end of the file being written: the sink, and finished bytes that wait to be put into it.
///
/// What waits already has its place in the file, so that others are encoded while it is put into the sink.
struct FileOutput<Sink: ParquetSink>: ~Copyable {
  private var sink: Sink
  private let scratch: Scratch
  private var waiting: [[UInt8]] = []
  /// Where in the file the next bytes will stand.
  private(set) var position = 0

  init(_ sink: Sink, _ scratch: Scratch) {
    self.sink = sink
    self.scratch = scratch
  }

  /// Gives bytes the next place in the file.
  mutating func append(_ bytes: consuming [UInt8]) {
    position += bytes.count
    waiting.append(bytes)
  }

  /// Puts the bytes that have waited longest into the sink; false when there are none.
  mutating func putNext() async throws -> Bool {
    guard !waiting.isEmpty else { return false }
    let bytes = waiting.removeFirst()
    try await sink.write(bytes)
    scratch.keep(bytes)
    return true
  }

  mutating func putAll() async throws {
    while try await putNext() {}
  }

  /// The sink, which has everything only after `putAll`.
  consuming func finish() -> Sink { sink }
}

/// Walks through the data pages of a chunk, handing its dictionary to the decoder once.
struct PageReader: Sendable {
  private var pages: ChunkPages
  private let isNullable: Bool
  /// The memory that one portion's values may take.
  let budget: Int
  private var hasData = false

  init(_ pages: ChunkPages, isNullable: Bool, budget: Int) {
    self.pages = pages
    self.isNullable = isNullable
    self.budget = budget
  }

  /// The next data page that has slots; `dictionary` gets the body and count of a dictionary before it.
  mutating func nextDataPage(
    dictionary: (_ body: [UInt8], _ count: Int) throws(ParquetError) -> Void
  ) throws(ParquetError) -> DataPage {
    while let page = try pages.next() {
      switch page.header.type {
      case .dictionary:
        guard !hasData else { throw .corrupted("a dictionary behind data") }
        hasData = true
        guard let count = page.header.dictionaryCount else {
          throw .corrupted("a dictionary page without its header")
        }
        guard page.header.dictionaryEncoding == .plain || page.header.dictionaryEncoding == .plainDictionary
        else { throw ParquetError(.unsupported, "a dictionary in \(page.header.dictionaryEncoding)") }
        try dictionary(page.body, count)
      case .data, .dataV2:
        hasData = true
        let data = try DataPage(page, isNullable: isNullable)
        if data.left > 0 { return data }
      default: continue
      }
    }
    throw .corrupted("fewer values than the row group has rows")
  }

  /// Refuses portions whose values would take more memory than allowed.
  func requireBudget(_ count: Int, width: Int) throws(ParquetError) {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: width)
    guard !overflow, bytes <= budget else {
      throw ParquetError(
        .limitExceeded, "values of more than \(budget) bytes at once; read fewer rows or raise the limits")
    }
  }

  static func unsupported(_ encoding: ParquetEncoding) -> ParquetError {
    ParquetError(.unsupported, "the encoding \(encoding) is not supported for this type")
  }
}

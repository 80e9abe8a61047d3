internal import Foundation
internal import Testing
internal import TokyoDataTesting

@Suite("Each sentence of a contract has exactly one case, named after it")
struct ContractSentenceTests {
  static let suites: [(file: String, suite: String, cases: [String])] = [
    ("Stores/HotStore.swift", "HotStoreConformance", HotStoreConformance.cases.map(\.sentence)),
    ("Ledger/Ledger.swift", "LedgerConformance", LedgerConformance.cases.map(\.sentence)),
    ("Stores/ExportSource.swift", "ExportSourceConformance", ExportSourceConformance.cases.map(\.sentence)),
    ("Stores/ColdStore.swift", "ColdStoreConformance", ColdStoreConformance.cases.map(\.sentence)),
    ("Cache/Cache.swift", "CacheConformance", CacheConformance.cases.map(\.sentence)),
  ]

  @Test("the sentences of the documentation are the cases", arguments: suites.indices)
  func sentences(_ index: Int) throws {
    let (file, suite, cases) = Self.suites[index]
    let sentences = try Self.sentences(of: suite, in: file)
    #expect(sentences.count > 10)
    #expect(sentences == cases)
    #expect(Set(cases).count == cases.count)
  }

  @Test("a sentence over several lines is read as one")
  func joinsLines() {
    let source = """
      /// Contract, a case of `Suite` for each sentence:
      /// - One that
      ///   goes on.
      /// - Another.
      ///
      /// - Not one.
      public protocol Something {}
      """
    #expect(Self.parse(source, "Suite") == ["One that goes on.", "Another."])
  }

  private static func sentences(of suite: String, in file: String) throws -> [String] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let url = root.appending(path: "Sources/TokyoDataCore").appending(path: file)
    return parse(try String(contentsOf: url, encoding: .utf8), suite)
  }

  /// The items of the list under "Contract, a case of `suite` for each sentence:".
  private static func parse(_ source: String, _ suite: String) -> [String] {
    let heading = "/// Contract, a case of `\(suite)` for each sentence:"
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
    var sentences: [String] = []
    for line in lines.drop(while: { $0 != heading }).dropFirst() {
      if line.hasPrefix("/// - ") {
        sentences.append(String(line.dropFirst(6)))
      } else if line.hasPrefix("///   "), !sentences.isEmpty {
        sentences[sentences.count - 1] += " " + line.dropFirst(6)
      } else {
        break
      }
    }
    return sentences
  }
}

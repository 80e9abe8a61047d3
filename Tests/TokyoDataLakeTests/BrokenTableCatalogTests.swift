import Testing
import TokyoDataLake
import TokyoDataTesting

@Suite("TableCatalogConformance")
struct BrokenTableCatalogTests {
  /// What each fault breaks, by the first words of the sentences.
  static let faults: [(BrokenTableCatalog.Fault, Set<String>)] = [
    (.none, []),
    (.losesLocations, ["An added", "Adding the same", "Adding another", "Partitions of two", "Showing"]),
    (
      .invents,
      [
        "A partition that was not", "Partitions of two", "A removed partition does", "What is missing",
        "What is dropped",
      ]
    ),
    (.addsTwice, ["Adding the same", "Adding another"]),
    (.refusesTheSame, ["Adding the same", "Adding another"]),
    (.replaces, ["Adding another"]),
    (.mixesDatasets, ["Partitions of two"]),
    (.keepsRemoved, ["A removed partition does"]),
    (.failsOnAbsent, ["Removing what is absent"]),
    (.addsToShown, ["The current versions"]),
    (.showsUnordered, ["The current versions"]),
    (.forgetsOnShow, ["Showing versions"]),
    (.showsRemoved, ["A removed partition is"]),
    (.findsTooMuch, ["A catalog that says", "What is missing"]),
    (.findsNothing, ["What is missing"]),
    (.repairsNothing, ["What is missing"]),
    (.keepsDropped, ["What is dropped"]),
  ]

  @Test("finds each fault of a catalog where it should", arguments: faults.indices)
  func findsFaults(_ index: Int) async {
    let (fault, expected) = Self.faults[index]
    let results = await TableCatalogConformance.run { BrokenTableCatalog(fault) }
    let failed = results.filter { $0.failure != nil }.map(\.sentence)
    for words in expected { #expect(failed.contains { $0.hasPrefix(words) }, "\(fault): \(words)") }
    for sentence in failed {
      #expect(expected.contains { sentence.hasPrefix($0) }, "\(fault) also breaks: \(sentence)")
    }
  }

  @Test("every fault is tried, and every case finds one")
  func complete() {
    #expect(Set(Self.faults.map(\.0)) == Set(BrokenTableCatalog.Fault.allCases))
    for conformance in TableCatalogConformance.cases {
      let isBroken = Self.faults.contains { $0.1.contains { conformance.sentence.hasPrefix($0) } }
      #expect(isBroken, "\(conformance.sentence)")
    }
  }
}

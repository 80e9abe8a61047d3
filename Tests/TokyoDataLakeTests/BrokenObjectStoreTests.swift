import Testing
import TokyoDataLake
import TokyoDataTesting

@Suite("ObjectStoreConformance")
struct BrokenObjectStoreTests {
  /// What each fault breaks, by the first words of the sentences.
  static let faults: [(BrokenObjectStore.Fault, [String])] = [
    (.flipsBytes, ["What was put", "A reader sees nothing of an upload"]),
    (.losesEmptyObjects, ["An object of no bytes"]),
    (.shiftsRanges, ["A range reads"]),
    (.givesFewerBytes, ["A range that reaches beyond"]),
    (.readsAbsentAsEmpty, ["Reading what is absent", "A reader sees nothing", "A deleted key"]),
    (
      .sizesAbsentAsZero, ["The size of what is absent", "A reader sees nothing", "An aborted", "A finished"]
    ),
    (.overwritesOnPut, ["A put onto an existing"]),
    (
      .showsUploads,
      ["A reader sees nothing", "An aborted", "A commit onto", "A finished", "A listing shows no"]
    ),
    (.keepsAborted, ["An aborted upload"]),
    (.overwritesOnCommit, ["A commit onto an existing"]),
    (.takesLateWrites, ["A finished upload"]),
    (.listsByFolder, ["A listing gives every"]),
    (.listsUnordered, ["A listing is ordered"]),
    (.hidesDeletions, ["A deletion tells"]),
    (.failsOnAbsent, ["Deleting what is absent"]),
    (.abortsAll, ["Aborting the uploads"]),
  ]

  @Test("finds each fault of a store where it should", arguments: faults)
  func findsFaults(_ fault: BrokenObjectStore.Fault, _ expected: [String]) async throws {
    var folders: [TemporaryFolder] = []
    let results = await ObjectStoreConformance.run {
      let folder = try TemporaryFolder()
      folders.append(folder)
      return BrokenObjectStore(
        store: try LocalObjectStore(folder: folder.path, isDurable: false), fault: fault)
    }
    let failed = results.filter { $0.failure != nil }.map(\.sentence)
    for sentence in expected { #expect(failed.contains { $0.hasPrefix(sentence) }, "\(fault): \(sentence)") }
    if expected.count == 1 {
      #expect(failed.allSatisfy { $0.hasPrefix(expected[0]) || isAlsoBroken($0, fault) })
    }
    #expect(results.count == 20)
  }

  /// What is broken with one sentence of necessity.
  private func isAlsoBroken(_ sentence: String, _ fault: BrokenObjectStore.Fault) -> Bool {
    switch fault {
    case .overwritesOnPut: sentence.hasPrefix("Of several puts") || sentence.hasPrefix("A commit onto")
    case .overwritesOnCommit: sentence.hasPrefix("Aborting")
    case .hidesDeletions: sentence.hasPrefix("Deleting what is absent")
    case .listsByFolder: sentence.hasPrefix("A listing shows no")
    case .listsUnordered: sentence.hasPrefix("A listing gives every") || sentence.hasPrefix("Aborting")
    default: false
    }
  }

  @Test("every fault is in the table")
  func coversFaults() {
    #expect(Set(Self.faults.map(\.0)) == Set(BrokenObjectStore.Fault.allCases))
  }
}

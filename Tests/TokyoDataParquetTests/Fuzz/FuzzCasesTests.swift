import Foundation
import Testing

@testable import TokyoDataParquet

@Suite("Found cases and seeds of the fuzzer")
struct FuzzCasesTests {
  static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fuzz/Cases")

  @Test("what a fuzzer found once gives errors or values", arguments: FuzzTarget.all)
  func replays(target: FuzzTarget) async throws {
    let cases = Self.folder.appending(path: target.name)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: cases.path())) ?? []
    for name in names.sorted() where !name.hasPrefix(".") {
      let bytes = try [UInt8](Data(contentsOf: cases.appending(path: name)))
      do { try await target.run(bytes) } catch {
        #expect(error is ParquetError, "\(target.name)/\(name)")
      }
    }
  }

  @Test("every folder of cases belongs to a target")
  func knowsFolders() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path())
      .filter { !$0.hasPrefix(".") && $0 != "README.md" }
    #expect(Set(folders).isSubset(of: FuzzTarget.all.map(\.name)))
  }

  @Test("the seeds get past the checks, so that the fuzzer begins behind them", arguments: FuzzTarget.all)
  func readsSeeds(target: FuzzTarget) async throws {
    let seeds = try await target.seeds()
    var read = 0
    for seed in seeds {
      do {
        try await target.run(seed)
        read += 1
      } catch { #expect(error is ParquetError, "\(target.name)") }
    }
    #expect(read > 0)
  }
}

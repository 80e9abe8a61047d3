import ArgumentParser
import Foundation
import TokyoData

/// Two years of billing, from a transactional store into a lake, and five reports answered from both.
@main
struct Quickstart: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quickstart",
    abstract: "Exports two years of billing to a lake, retires them from hot, and asks both at once.")

  @Option(help: "The instant at which the billing system's clock stands.")
  var now = "2026-01-01T00:00:00Z"

  @Option(help: ArgumentHelp("Write both answers of each report to this file.", valueName: "file"))
  var json: String?

  @Option(help: ArgumentHelp("The page to write.", valueName: "file"))
  var report = "report.html"

  @Option(help: ArgumentHelp("The lake's folder; a temporary one unless said.", valueName: "folder"))
  var lake: String?

  @Flag(name: .customLong("break"), help: "Drop one row from one cold day first, and see it found out.")
  var breaks = false

  func validate() throws {
    guard Timestamp(now) != nil else {
      throw ValidationError("--now is an instant such as 2026-01-01T00:00:00Z")
    }
  }

  func run() async throws {
    guard let now = Timestamp(now) else { return }
    let folder = lake ?? NSTemporaryDirectory() + "tokyo-quickstart-\(UUID().uuidString)"
    defer { if lake == nil { try? FileManager.default.removeItem(atPath: folder) } }

    let demonstration = try await Demonstration(now: now, folder: folder)
    try await demonstration.fill()
    if breaks { try await demonstration.dropOneRow() }
    let sizes = try await demonstration.exportAndRetire()
    Text.print(sizes)
    let findings = try await demonstration.compareReports()
    try Page(findings: findings, sizes: sizes, demonstration: demonstration).write(to: report)
    print("\nThe same as a page: \(report)")
    if let json { try Findings.write(findings, to: json) }
    let differing = findings.filter { $0.difference != nil }
    guard differing.isEmpty else {
      print("\(differing.count) of \(findings.count) reports differ from one store's answer.")
      throw ExitCode(1)
    }
    print("All \(findings.count) reports equal one store's answer.")
  }
}

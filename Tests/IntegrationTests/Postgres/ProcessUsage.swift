import Foundation

/// What this process holds, as Linux tells.
struct ProcessUsage: Equatable, CustomStringConvertible {
  var descriptors: Int
  var threads: Int
  var megabytes: Int

  static func now() throws -> ProcessUsage {
    let files = FileManager.default
    let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
    return ProcessUsage(
      // One is the look itself.
      descriptors: try files.contentsOfDirectory(atPath: "/proc/self/fd").count - 1,
      threads: try files.contentsOfDirectory(atPath: "/proc/self/task").count,
      megabytes: (Int(pages[1]) ?? 0) * Int(getpagesize()) >> 20)
  }

  var description: String { "\(descriptors) descriptors, \(threads) threads, \(megabytes) MB" }
}

internal import Foundation

/// What this process holds, as Linux counts it.
struct ProcessFigures {
  var descriptors: Int
  var threads: Int
  /// In bytes.
  var memory: Int

  static func now() throws -> ProcessFigures {
    ProcessFigures(
      descriptors: try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count,
      threads: try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count,
      memory: try status("VmRSS"))
  }

  /// The most memory so far, in bytes.
  static func peakMemory() throws -> Int { try status("VmHWM") }

  var fields: [String: Int] { ["descriptors": descriptors, "threads": threads, "memory": memory] }

  /// A line of the kernel's, which says kilobytes.
  private static func status(_ name: String) throws -> Int {
    let text = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = text.split(separator: "\n").first { $0.hasPrefix(name + ":") }
    guard let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) })
    else { throw Wrong("the kernel does not say \(name)") }
    return kilobytes << 10
  }
}

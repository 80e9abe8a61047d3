import Foundation

/// What this process has of the system at the moment.
struct ProcessFigures: Equatable {
  let descriptors: Int
  let threads: Int

  init() throws {
    descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
  }
}

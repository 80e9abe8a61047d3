internal import Foundation
internal import TokyoData

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A step of the ETL at which this process is to die, so that tests can show that nothing is lost there.
struct Failpoint: Sendable {
  let step: ExportStep
  /// The signal that the process sends itself: SIGKILL, or SIGSTOP to be continued from outside.
  let signal: Int32

  /// Reads `TOKYO_FAILPOINT`; nil where it is not set.
  ///
  /// - Throws: `TokyoDataError.invalidArgument` for a step that does not exist: a test must not pass because
  ///   its name is misspelled.
  init?(environment: [String: String] = ProcessInfo.processInfo.environment) throws(TokyoDataError) {
    guard let text = environment["TOKYO_FAILPOINT"], !text.isEmpty else { return nil }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard let step = ExportStep(rawValue: parts[0]), parts.count == 1 || parts.dropFirst() == ["stop"] else {
      let steps = ExportStep.allCases.map(\.rawValue).joined(separator: ", ")
      throw TokyoDataError(.invalidArgument, "TOKYO_FAILPOINT is <step> or <step>:stop; steps: \(steps)")
    }
    self.step = step
    signal = parts.count == 1 ? SIGKILL : SIGSTOP
  }

  func reach(_ step: ExportStep) {
    guard step == self.step else { return }
    kill(getpid(), signal)
  }
}

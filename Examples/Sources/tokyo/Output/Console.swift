internal import Foundation
internal import TokyoData

/// The one place that writes: results to standard output, everything else to standard error.
enum Console {
  static func print(_ json: JSON) {
    var bytes: [UInt8] = []
    json.write(to: &bytes)
    bytes.append(UInt8(ascii: "\n"))
    write(bytes)
  }

  static func print(_ text: String) { write(Array("\(text)\n".utf8)) }

  static func write(_ bytes: [UInt8]) { FileHandle.standardOutput.write(Data(bytes)) }

  /// A line for people who watch.
  static func note(_ text: String) { FileHandle.standardError.write(Data("tokyo: \(text)\n".utf8)) }

  /// How far a run has come; a terminal sees one line that changes.
  static func show(_ progress: ETLProgress) {
    let text =
      "\(progress.kind) \(progress.dataset): \(progress.day), \(progress.finished) of \(progress.total) days"
    guard isatty(STDERR_FILENO) == 1 else { return note(text) }
    let end = progress.finished == progress.total ? "\n" : ""
    FileHandle.standardError.write(Data("\r\u{1B}[Ktokyo: \(text)\(end)".utf8))
  }
}

import Foundation
import TokyoDataColumns
import TokyoDataParquet

/// The conformance files of the Parquet project, which lie beside the project and not in it.
enum Corpus {
  /// The folder; nil where the machine has none.
  static var folder: String? {
    ProcessInfo.processInfo.environment["TOKYO_TEST_SHARED"].map { $0 + "/data/parquet-testing" }
  }

  static var isHere: Bool { folder != nil }

  /// The names of all files below `data` and `bad_data` but those that hold expected values.
  static func files() throws -> Set<String> {
    var files: Set<String> = []
    for part in ["data", "bad_data"] {
      for name in try FileManager.default.contentsOfDirectory(atPath: (folder ?? "") + "/" + part)
      where !name.hasSuffix("_expect.csv") {
        files.insert(part + "/" + name)
      }
    }
    return files
  }

  static func path(_ name: String) -> String { (folder ?? "") + "/" + name }

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name))))
  }

  /// The lines of a file of expected values, without the first.
  static func lines(_ name: String) throws -> [String] {
    String(decoding: try bytes(name), as: UTF8.self).split(separator: "\n").dropFirst().map(String.init)
  }

  /// The cells of a line, which may be quoted and then have commas; none has quotes.
  static func cells(_ line: String) -> [String] {
    var cells = [""]
    var isQuoted = false
    for character in line {
      switch character {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: cells.append("")
      default: cells[cells.count - 1].append(character)
      }
    }
    return cells
  }
}

extension ColumnBatch {
  /// FNV-1a of all values in one spelling, which any other reader's values can be brought into.
  var digest: UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for column in columns {
      for index in 0..<rowCount {
        for byte in column[index].spelling.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = (hash ^ 10) &* 0x100_0000_01b3
      }
    }
    return hash
  }
}

extension ColumnValue {
  /// One spelling of every value: numbers as they are, floating-point ones by their bits, bytes in hexadecimal.
  var spelling: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .int(let value): "\(value)"
    case .float(let value): "f" + String(value.bitPattern, radix: 16)
    case .double(let value): "d" + String(value.bitPattern, radix: 16)
    case .decimal(let value): "\(value.unscaled)/\(value.scale)"
    case .string(let text): "'" + text + "'"
    case .bytes(let bytes): "x" + bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    case .date(let day): "\(day.daysSince1970)"
    case .time(let time): "\(time.microsecondsSinceMidnight)"
    case .timestamp(let time): "\(time.microsecondsSince1970)"
    case .localTimestamp(let time): "\(time.microsecondsSince1970)"
    case .list(let values): "[" + values.map(\.spelling).joined(separator: ",") + "]"
    case .structure(let values): "{" + values.map(\.spelling).joined(separator: ",") + "}"
    case .map(let entries):
      "<" + entries.map { $0.key.spelling + ":" + $0.value.spelling }.joined(separator: ",") + ">"
    }
  }
}

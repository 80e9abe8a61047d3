/// The sections of a shared config or credentials file, read as botocore reads them.
///
/// Names of keys are in lower case. A key with an indented block of `name = value` lines below it has these
/// in `nested`; any other continuation lines belong to its value.
struct SharedConfig: Sendable, Hashable {
  typealias Section = [String: Value]

  enum Value: Sendable, Hashable {
    case text(String)
    case nested([String: String])
  }

  /// Sections by what stands between the brackets, in the file's order.
  private(set) var sections: [(name: String, values: Section)] = []

  static func == (left: Self, right: Self) -> Bool {
    left.sections.count == right.sections.count
      && zip(left.sections, right.sections).allSatisfy { $0.name == $1.name && $0.values == $1.values }
  }

  func hash(into hasher: inout Hasher) {
    for section in sections { hasher.combine(section.name) }
  }

  /// Why a file cannot be read; names a line, never its text, which may be a key.
  struct Problem: Error, Hashable, Sendable {
    var line: Int
    var reason: String
  }

  init() {}

  /// Reads a file.
  ///
  /// - Throws: `Problem` where botocore refuses the file too: text outside of sections, lines without `=` or
  ///   `:`, sections or keys that are there twice, bytes that are not UTF-8. A byte order mark is fine here.
  init(_ bytes: [UInt8]) throws(Problem) {
    var rest = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    var reader = SharedConfigReader()
    while !rest.isEmpty {
      let end = rest.firstIndex { $0 == 0x0A || $0 == 0x0D } ?? rest.endIndex
      try reader.read(rest[..<end])
      let isPair = rest[end...].starts(with: [0x0D, 0x0A])
      rest = rest[end...].dropFirst(isPair ? 2 : 1)
    }
    sections = try reader.finish()
  }
}

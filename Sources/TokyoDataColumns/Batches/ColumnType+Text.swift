extension ColumnType: LosslessStringConvertible {
  /// Reads what `description` prints, such as `int64`, `decimal(12,2)`, `list<int32>`,
  /// `struct<"name":string,"age":int32!>` or `map<string,double>`; `!` follows what is never null.
  public init?(_ description: String) {
    var text = ColumnTypeText(description)
    guard let type = text.type(depth: 0), text.isAtEnd, let valid = try? type.validated() else { return nil }
    self = valid
  }

  /// The value as text.
  public var description: String {
    switch self {
    case .decimal(let precision, let scale): "decimal(\(precision),\(scale))"
    case .list(let element): "list<\(element.text)>"
    case .structure(let fields):
      "struct<\(fields.map { "\(Self.quoted($0.name)):\($0.type)\($0.isNullable ? "" : "!")" }.joined(separator: ","))>"
    case .map(let key, let value): "map<\(key),\(value.text)>"
    default: Self.named.first { $0.type == self }?.name ?? "unknown"
    }
  }

  fileprivate static let named: [(name: String, type: ColumnType)] = [
    ("bool", .bool), ("int8", .int8), ("int16", .int16), ("int32", .int32), ("int64", .int64),
    ("float", .float), ("double", .double), ("string", .string), ("bytes", .bytes),
    ("date", .date), ("time", .time), ("timestamp", .timestamp), ("localTimestamp", .localTimestamp),
  ]

  /// The name in quotes, in which a quote is doubled.
  private static func quoted(_ name: String) -> String {
    "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}

extension ColumnElement {
  fileprivate var text: String { "\(type)\(isNullable ? "" : "!")" }
}

extension ColumnType: Codable {
  /// Reads the value from its coded form.
  public init(from decoder: any Decoder) throws {
    self = try decoder.losslessValue(ColumnType.self, expected: "a column type such as decimal(12,2)")
  }

  /// Writes the value in its coded form.
  public func encode(to encoder: any Encoder) throws { try encoder.encodeDescription(of: self) }
}

/// Reads the text form of a type from left to right.
private struct ColumnTypeText {
  private var rest: Substring

  init(_ text: String) { rest = text[...] }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func type(depth: Int) -> ColumnType? {
    guard depth < ColumnType.maximumDepth else { return nil }
    let name = rest.prefix { $0.isLetter || $0.isNumber }
    rest = rest.dropFirst(name.count)
    switch name {
    case "decimal":
      guard accept("("), let precision = number(), accept(","), let scale = number(), accept(")") else {
        return nil
      }
      return .decimal(precision: precision, scale: scale)
    case "list":
      guard accept("<"), let element = element(depth: depth), accept(">") else { return nil }
      return .list(element)
    case "struct":
      var fields: [ColumnField] = []
      guard accept("<") else { return nil }
      repeat {
        guard let name = quotedName(), accept(":"), let value = element(depth: depth) else { return nil }
        fields.append(ColumnField(name, value.type, isNullable: value.isNullable))
      } while accept(",")
      return accept(">") ? .structure(fields) : nil
    case "map":
      guard accept("<"), let key = type(depth: depth + 1), accept(","), let value = element(depth: depth),
        accept(">")
      else { return nil }
      return .map(key: key, value: value)
    default: return ColumnType.named.first { $0.name == name }?.type
    }
  }

  private mutating func element(depth: Int) -> ColumnElement? {
    guard let type = type(depth: depth + 1) else { return nil }
    return ColumnElement(type, isNullable: !accept("!"))
  }

  private mutating func accept(_ character: Character) -> Bool {
    guard rest.first == character else { return false }
    rest.removeFirst()
    return true
  }

  private mutating func number() -> Int? {
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    rest = rest.dropFirst(digits.count)
    return Int(digits)
  }

  private mutating func quotedName() -> String? {
    guard accept("\"") else { return nil }
    var name = ""
    while let character = rest.popFirst() {
      guard character == "\"" else {
        name.append(character)
        continue
      }
      if !accept("\"") { return name }
      name.append("\"")
    }
    return nil
  }
}

extension AWSCall {
  /// A call in the Query form: parameters in the body of a POST, an answer in XML.
  init(_ operation: AWSOperation, version: String, parameters: [(name: String, value: String)]) {
    self.init(operation)
    headers["content-type"] = "application/x-www-form-urlencoded; charset=utf-8"
    let fields = [("Action", operation.name), ("Version", version)] + parameters.map { ($0.name, $0.value) }
    let body = fields.map { "\(Self.formEncoded($0))=\(Self.formEncoded($1))" }.joined(separator: "&")
    self.body = .bytes([Array(body.utf8)[...]])
  }

  /// A text as a name or a value of a form or a query: what is not unreserved is percent-encoded, spaces too.
  static func formEncoded(_ text: String) -> String {
    var result: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        result.append(byte)
      default:
        let digits = Array("0123456789ABCDEF".utf8)
        result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// The body of a refusal.
struct ErrorDocument: Sendable {
  var code: String?
  var message: String?
  var requestID: String?
  var region: String?
  /// A finer code, where the service has one.
  var detail: String?

  init() {}

  /// Nil for what is neither XML nor JSON.
  init?(_ body: [UInt8]) {
    switch body.first(where: { $0 > 0x20 && $0 < 0x80 }) {
    case UInt8(ascii: "<"):
      guard let root = try? XMLElement(reading: body) else { return nil }
      self.init(root)
    case UInt8(ascii: "{"):
      guard let json = try? JSONDecoder().decode(JSON.self, from: Data(body)) else { return nil }
      self.init()
      code = json.type ?? json.code
      message = json.message
      detail = json.detail
    default:
      return nil
    }
  }

  /// `<Error>` is the whole for S3 and a part for STS and CloudWatch.
  private init(_ root: XMLElement) {
    let error = root.name == "Error" ? root : root["Error"] ?? root["Errors"]?["Error"] ?? root
    code = error["Code"]?.text
    message = error["Message"]?.text
    requestID = (root["RequestId"] ?? error["RequestId"] ?? root["RequestID"])?.text
    region = error["Region"]?.text
  }

  /// Services do not agree on names, nor on the case of `message`.
  private struct JSON: Decodable {
    var type: String?
    var code: String?
    var message: String?
    var detail: String?

    private struct Key: CodingKey {
      var stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: Key.self)
      func text(_ names: String...) -> String? {
        for name in names {
          if let text = try? values.decode(String.self, forKey: Key(stringValue: name)) { return text }
        }
        return nil
      }
      type = text("__type")
      code = text("code", "Code")
      message = text("message", "Message", "errorMessage")
      detail = text("AthenaErrorCode", "Reason")
    }
  }
}

extension XMLElement {
  /// Reads a document.
  ///
  /// - Throws: `XMLSyntaxError`.
  init(reading bytes: [UInt8], limits: XMLLimits = XMLLimits()) throws {
    var scanner = try XMLScanner(bytes, limits: limits)
    var open: [XMLElement] = []
    var root: XMLElement?
    while let event = try scanner.next() {
      switch event {
      case .start(let name):
        open.append(XMLElement(name))
      case .text(let text):
        open[open.count - 1].text += text
      case .end:
        var element = open.removeLast()
        // What stands between the tags of children is the document's layout.
        if !element.children.isEmpty { element.text = "" }
        if open.isEmpty { root = element } else { open[open.count - 1].children.append(element) }
      }
    }
    guard let root else { throw XMLSyntaxError(message: "no element", offset: bytes.count) }
    self = root
  }
}

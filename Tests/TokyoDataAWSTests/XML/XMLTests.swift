import Testing

@testable import TokyoDataAWS

@Suite("XML")
struct XMLTests {
  private func read(_ text: String, limits: XMLLimits = XMLLimits()) throws -> XMLElement {
    try XMLElement(reading: Array(text.utf8), limits: limits)
  }

  @Test("A listing is read with its children in order")
  func listing() throws {
    let root = try read(
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <ListBucketResult xmlns='http://s3.amazonaws.com/doc/2006-03-01/'>
        <!-- a < comment -->
        <Name>b</Name><Contents><Key>one</Key></Contents><Contents><Key> two </Key></Contents><Empty/>
      </ListBucketResult >
      """)
    #expect(root.name == "ListBucketResult" && root.text.isEmpty)
    #expect(root["Name"]?.text == "b" && root["Empty"]?.text == "" && root["Absent"] == nil)
    #expect(root.all("Contents").compactMap { $0["Key"]?.text } == ["one", " two "])
  }

  @Test(
    "Text",
    arguments: [
      ("&lt;&amp;&gt;&quot;&apos;", "<&>\"'"), ("&#65;&#x1F5FC;&#13;&#x1;", "A\u{1F5FC}\r\u{1}"),
      ("a\r\nb\rc", "a\nb\nc"), ("<![CDATA[<&amp;]]]>x", "<&amp;]x"), ("a<!-- b -->c<?d e?>f", "acf"),
      ("東京", "東京"),
    ])
  func text(source: String, expected: String) throws {
    #expect(try read("<a>\(source)</a>").text == expected)
  }

  @Test("Prefixes of namespaces are dropped, a byte order mark and space before the declaration passed over")
  func tolerance() throws {
    #expect(try read("\u{FEFF}<s:a xmlns:s=\"x>y\"><s:b>1</s:b></s:a>\n")["b"]?.text == "1")
    #expect(try read(" \n <?xml version=\"1.0\"?>\n\n<a/>").name == "a")
  }

  @Test(
    "What is not a document is refused",
    arguments: [
      "", "  ", "text", "<a>", "<a></b>", "<a/><b/>", "<a/>text", "<a", "<a b>", "<a b=c/>", "<a b=\"c/>",
      "</a>",
      "<a>&nbsp;</a>", "<a>&#0;</a>", "<a>&#xD800;</a>", "<a>&#99999999999;</a>", "<a>&#-1;</a>",
      "<a>&#+1;</a>",
      "<a>&amp</a>", "<a>& b;</a>", "<a b=\"1\"c=\"2\"/>", "<a b=\"<\"/>", "<a><![CDATA[x]]</a>",
      "<a><!-- </a>",
      "<!DOCTYPE a><a/>", "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "<a><!ENTITY b \"c\"></a>", "<1",
      "<>",
      "<![CDATA[x]]><a/>", "<a>\0</a>", "&amp;<a/>",
    ])
  func refused(source: String) {
    #expect(throws: XMLSyntaxError.self) { try read(source) }
  }

  @Test("Bytes that are not UTF-8 are refused")
  func notUTF8() {
    #expect(throws: XMLSyntaxError.self) {
      try XMLElement(reading: Array("<a>".utf8) + [0xFF] + Array("</a>".utf8))
    }
    #expect(throws: XMLSyntaxError.self) {
      try XMLElement(reading: Array("<a".utf8) + [0xC3] + Array("/>".utf8))
    }
  }

  @Test("Depth, number of elements and length are limited")
  func limits() throws {
    let deep = String(repeating: "<a>", count: 33) + String(repeating: "</a>", count: 33)
    #expect(throws: XMLSyntaxError.self) { try read(deep) }
    #expect(throws: XMLSyntaxError.self) { try read(String(repeating: "<a>", count: 1_000_000)) }
    var limits = XMLLimits()
    limits.elements = 3
    #expect(try read("<a><b/><b/></a>", limits: limits).children.count == 2)
    #expect(throws: XMLSyntaxError.self) { try read("<a><b/><b/><b/></a>", limits: limits) }
    limits.bytes = 4
    #expect(throws: XMLSyntaxError.self) { try read("<abc/>", limits: limits) }
  }

  @Test("What is written is read back, whatever the text")
  func roundTrip() throws {
    let key = "a&b<c>\"d'e\r\n\t\u{1}\u{7F}]]>東京\u{1F5FC} "
    let element = XMLElement(
      "Delete", [XMLElement("Object", [XMLElement("Key", key)]), XMLElement("Quiet", "true")])
    let bytes = element.document(namespace: "http://s3.amazonaws.com/doc/2006-03-01/")
    #expect(try XMLElement(reading: bytes) == element)
    #expect(
      String(decoding: bytes, as: UTF8.self).hasPrefix(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
          + "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Object><Key>"))
  }

  @Test("Every cut and every changed byte of a document is an error or a document, never a trap")
  func mutations() {
    let source = Array("<?xml version='1.0'?><a b='c'><d>&#x41;&amp;</d><![CDATA[x]]><!--y--><e/></a>".utf8)
    for end in source.indices {
      #expect(throws: XMLSyntaxError.self) { try XMLElement(reading: Array(source[..<end])) }
    }
    for index in source.indices {
      for byte in [0x00, 0x0D, 0x20, 0x21, 0x26, 0x2F, 0x3B, 0x3C, 0x3E, 0x3F, 0x5D, 0xE6, 0xFF] as [UInt8] {
        var changed = source
        changed[index] = byte
        _ = try? XMLElement(reading: changed)
      }
    }
  }
}

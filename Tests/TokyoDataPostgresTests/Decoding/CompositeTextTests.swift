import Testing

@testable import TokyoDataPostgres

@Suite("The text of a value that holds values")
struct CompositeTextTests {
  @Test(
    "is taken apart where it is an array",
    arguments: [
      ("{}", []), ("{1,2}", ["1", "2"]), ("{NULL,null,\"NULL\"}", [nil, nil, "NULL"]),
      (#"{"a,b","c\"d","e\\f","{}",""}"#, ["a,b", "c\"d", "e\\f", "{}", ""]),
      (#"{a\,b}"#, ["a,b"]), ("[0:1]={1,2}", ["1", "2"]), ("{é 行,🗼}", ["é 行", "🗼"]),
    ] as [(String, [String?])])
  func arrays(text: String, elements: [String?]) {
    #expect(CompositeText.array(text) == elements)
  }

  @Test(
    "is none where it is no array of one dimension",
    arguments: [
      "", "{", "}", "{1", "1}", "{1,}", "{,}", "{1}2", "{{1},{2}}", "{1,{2}}", "{\"a}", "{a\\", "[0:1]{1}",
      "[0:1", "(1,2)",
    ])
  func otherArrays(text: String) {
    #expect(CompositeText.array(text) == nil)
  }

  @Test(
    "is taken apart where it is a record",
    arguments: [
      ("(1,a)", ["1", "a"]), ("(,)", [nil, nil]), ("()", [nil]), (#"("",NULL)"#, ["", "NULL"]),
      (#"("a ""b"" \\ c",")")"#, [#"a "b" \ c"#, ")"]),
    ] as [(String, [String?])])
  func records(text: String, fields: [String?]) {
    #expect(CompositeText.record(text) == fields)
    for broken in [text + "x", String(text.dropLast()), String(text.dropFirst())] {
      #expect(CompositeText.record(broken) == nil)
    }
  }

  @Test("is taken apart where it is an hstore")
  func hstores() throws {
    let pairs = try #require(CompositeText.hstore(#""a"=>"1", "b \"=>"=>NULL, "c"=>"NULL""#))
    #expect(pairs.map(\.key) == ["a", "b \"=>", "c"])
    #expect(pairs.map(\.value) == ["1", nil, "NULL"])
    #expect(CompositeText.hstore("")?.isEmpty == true)
    for broken in ["a", "a=", "a=>", "\"a\"=>\"1\",", "\"a\"=>\"1", "=>1"] {
      #expect(CompositeText.hstore(broken) == nil)
    }
  }

  @Test("is read as it was written")
  func roundTrip() throws {
    let parts: [String?] = ["", nil, "NULL", "a\"b", "\\", "{,}", "(;)", "=>", "\"\u{301}", " 行🗼\n\t"]
    #expect(CompositeText.array(CompositeText.array(of: parts)) == parts)
    #expect(CompositeText.record(CompositeText.record(of: parts)) == parts)
    let pairs = try #require(
      CompositeText.hstore(CompositeText.hstore(of: parts.enumerated().map { ("k\"\($0)", $1) })))
    #expect(pairs.map(\.value) == parts)
    #expect(pairs[3].key == "k\"3")
  }
}

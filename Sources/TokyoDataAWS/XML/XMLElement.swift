/// An element of the documents that S3, STS and CloudWatch speak.
///
/// Only what these documents use: local names, text and children. Attributes are read over, and an element
/// that has children has no text.
struct XMLElement: Sendable, Hashable {
  /// Without the prefix of its namespace.
  var name: String
  var text = ""
  var children: [XMLElement] = []

  init(_ name: String, _ text: String = "") {
    self.name = name
    self.text = text
  }

  init(_ name: String, _ children: [XMLElement]) {
    self.name = name
    self.children = children
  }

  /// The first child of a name.
  subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

  /// Every child of a name, in order.
  func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }
}

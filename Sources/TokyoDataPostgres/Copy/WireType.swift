/// A type of the server's as far as one must know it to write its binary form.
struct WireType: Hashable, Sendable {
  indirect enum Form: Hashable, Sendable {
    /// A built-in type that its oid tells.
    case builtIn(PostgresType)
    /// Its binary form is its text: enums, `citext`, `xml`.
    case text
    case hstore
    case array(element: WireType)
    case record([WireType])
    /// A binary form that we do not know.
    case unknown
  }

  /// The type itself, which arrays and records name; a domain's own where it is one.
  var type: PostgresType
  var form: Form

  /// The type, where no catalog is needed to know it.
  init?(_ type: PostgresType) {
    if let element = type.element {
      self.init(type: type, form: .array(element: WireType(type: element, form: .builtIn(element))))
    } else if type.sqlName != nil {
      self.init(type: type, form: .builtIn(type))
    } else {
      return nil
    }
  }

  init(type: PostgresType, form: Form) {
    self.type = type
    self.form = form
  }
}

/// A statement as Athena takes it: text with question marks, and a value for each of them as SQL would write it.
struct AthenaStatement: Hashable, Sendable {
  var sql: String
  var parameters: [String] = []
}

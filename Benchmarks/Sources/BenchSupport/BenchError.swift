/// A command that makes no sense, or work that cannot be done.
package struct BenchError: Error, CustomStringConvertible {
  /// What is wrong.
  package let description: String

  /// Makes an error of what is wrong.
  package init(_ description: String) { self.description = description }
}

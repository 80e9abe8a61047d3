/// One sentence of a protocol's contract, as a test of any implementation.
///
/// A case needs a fixture of its own, with nothing in it. With Swift Testing a whole suite is one test:
///
/// ```swift
/// @Test("MyColdStore keeps the contract", arguments: ColdStoreConformance.cases)
/// func keepsContract(_ conformance: ConformanceCase<any ColdStoreFixture>) async throws {
///   try await conformance.run(on: MyFixture())
/// }
/// ```
public struct ConformanceCase<Fixture>: Sendable {
  /// The sentence, exactly as it stands in the protocol's documentation.
  public let sentence: String
  private let body: @Sendable (Fixture) async throws -> Void

  init(_ sentence: String, _ body: @escaping @Sendable (Fixture) async throws -> Void) {
    self.sentence = sentence
    self.body = body
  }

  /// Tests a store that nothing else uses.
  ///
  /// - Throws: `ConformanceFailure` where the store does not do what the sentence says, or what the store
  ///   throws where it must not.
  public func run(on fixture: Fixture) async throws {
    try await body(fixture)
  }
}

extension ConformanceCase: CustomStringConvertible {
  /// The sentence.
  public var description: String { sentence }
}

/// A store does not do what a sentence of its contract says.
public struct ConformanceFailure: Error, CustomStringConvertible {
  /// What was expected and what was found.
  public let message: String
  /// The file of the case.
  public let file: String
  /// The line of the case.
  public let line: Int

  init(_ message: String, file: String = #fileID, line: Int = #line) {
    self.message = message
    self.file = file
    self.line = line
  }

  /// The message and the place of the case.
  public var description: String { "\(message) (\(file):\(line))" }
}

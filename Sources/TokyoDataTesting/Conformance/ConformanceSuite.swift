/// The cases of one protocol's contract, one for each of its sentences.
public protocol ConformanceSuite {
  /// What a case needs to test a store.
  associatedtype Fixture
  /// The cases, in the order of the sentences.
  static var cases: [ConformanceCase<Fixture>] { get }
}

/// How one case went.
public struct ConformanceResult: Sendable {
  /// The sentence.
  public let sentence: String
  /// What was wrong; nil where the store does what the sentence says.
  public let failure: (any Error)?
}

extension ConformanceSuite {
  /// Runs all cases, each on a new fixture, and goes on after a failure.
  ///
  /// - Returns: a result for each case, in their order; so two stores ran the same number exactly if both
  ///   returned.
  public static func run(
    on makeFixture: () async throws -> Fixture
  ) async -> [ConformanceResult] {
    var results: [ConformanceResult] = []
    for conformance in cases {
      do {
        try await conformance.run(on: try await makeFixture())
        results.append(ConformanceResult(sentence: conformance.sentence, failure: nil))
      } catch {
        results.append(ConformanceResult(sentence: conformance.sentence, failure: error))
      }
    }
    return results
  }
}

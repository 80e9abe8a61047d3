/// Why a provider, or a chain of them, has no credentials; never shows a secret.
public struct AWSCredentialError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The provider by its name.
  public var provider: String
  /// What is missing or failed, in words.
  public var message: String
  /// The provider is not configured at all, so a chain goes on with the next one.
  public var isUnconfigured: Bool
  /// What each provider of a chain said, in order.
  public var attempts: [AWSCredentialError]

  /// Makes an error.
  public init(
    _ provider: String, _ message: String, isUnconfigured: Bool = false, attempts: [AWSCredentialError] = []
  ) {
    self.provider = provider
    self.message = message
    self.isUnconfigured = isUnconfigured
    self.attempts = attempts
  }

  /// All of it: a line for each provider that was tried, those within it below.
  public var description: String { lines(indentation: "").joined(separator: "\n") }

  private func lines(indentation: String) -> [String] {
    ["\(indentation)\(provider): \(message)"] + attempts.flatMap { $0.lines(indentation: indentation + "  ") }
  }
}

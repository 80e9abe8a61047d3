public import TokyoDataCore

extension AWSSession {
  /// Makes a session of the environment and the shared files, as every AWS tool reads them.
  ///
  /// - Parameters:
  ///   - configuration: What the program says itself.
  ///   - credentials: Where keys come from; nil for the chain that every AWS tool goes through.
  /// - Throws: `TokyoDataError.invalidArgument` for a region that is missing and settings that make no sense.
  public convenience init(
    _ configuration: AWSConfiguration = AWSConfiguration(),
    credentials: (any AWSCredentialProvider)? = nil
  ) throws(TokyoDataError) {
    // The chain and the transport come with the parts that bring them.
    throw TokyoDataError(.unsupported, "not yet")
  }
}

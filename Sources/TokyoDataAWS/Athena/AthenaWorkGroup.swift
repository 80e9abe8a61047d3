/// A workgroup: where queries run, under which limits, and where their results go.
struct AthenaWorkGroup: Hashable, Sendable, Decodable {
  var name: String
  /// `ENABLED` or `DISABLED`.
  var state: String?
  var description: String?
  var configuration: AthenaWorkGroupConfiguration?
  var creationTime: EpochSeconds?
}

/// How a workgroup's queries run.
struct AthenaWorkGroupConfiguration: Hashable, Sendable, Codable {
  var resultConfiguration: AthenaResultConfiguration?
  var managedQueryResultsConfiguration: AthenaManagedResults?
  /// What a query asks for otherwise does not count.
  var enforceWorkGroupConfiguration: Bool?
  var publishCloudWatchMetricsEnabled: Bool?
  /// A query that would scan more is canceled, and paid for.
  var bytesScannedCutoffPerQuery: Int?
  var requesterPaysEnabled: Bool?
  var engineVersion: AthenaEngineVersion?
}

/// What is to change in a workgroup; what is left out stays.
struct AthenaWorkGroupChange: Hashable, Sendable, Encodable {
  struct Results: Hashable, Sendable, Encodable {
    var outputLocation: String?
    var removeOutputLocation: Bool?
    var encryptionConfiguration: AthenaResultConfiguration.Encryption?
    var removeEncryptionConfiguration: Bool?
    var expectedBucketOwner: String?
    var removeExpectedBucketOwner: Bool?
  }

  var enforceWorkGroupConfiguration: Bool?
  var resultConfigurationUpdates: Results?
  var publishCloudWatchMetricsEnabled: Bool?
  var bytesScannedCutoffPerQuery: Int?
  var removeBytesScannedCutoffPerQuery: Bool?
  var requesterPaysEnabled: Bool?
  var engineVersion: AthenaEngineVersion?
}

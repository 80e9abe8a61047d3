import Testing
import TokyoDataCore
import TokyoDataLake

@testable import TokyoDataAWS

/// A bucket, a workgroup's worth of settings and an engine in the laboratory, and a name by which rules for its
/// failures find its calls and nobody else's.
struct AthenaBench {
  let s3: S3Bench
  let engine: AthenaEngine
  let agent = "bench-" + WriteMark().text

  init() async throws {
    s3 = try await S3Bench()
    let base = try JSONLaboratory.client()
    var settings = base.settings
    settings.userAgent = agent
    let aws = AWSClient(settings: settings, credentials: base.credentials, transport: base.transport)
    engine = AthenaEngine(athena: aws, storage: aws)
  }

  var results: S3Location { S3Location(bucket: s3.bucket, key: "results/") }

  func request(_ sql: String, _ parameters: [String] = [], schema: ColumnSchema? = nil) -> AthenaRequest {
    var request = AthenaRequest(AthenaStatement(sql: sql, parameters: parameters))
    request.database = "default"
    request.outputLocation = results.text
    request.schema = schema
    request.queueDeadline = .seconds(120)
    request.runDeadline = .seconds(120)
    return request
  }

  func answer(_ request: AthenaRequest) async throws -> (rows: ColumnBatch, answer: AthenaAnswer) {
    try await engine.collect(request)
  }

  /// The keys below the results' place.
  func objects(_ prefix: String = "results/") async throws -> [String] {
    try await s3.store().list(prefix: prefix).map(\.key.path)
  }

  func withFaults<Result>(
    _ rules: [[String: any Sendable]], _ body: () async throws -> Result
  ) async throws -> Result {
    try await Laboratory.withFaults(rules, body)
  }
}

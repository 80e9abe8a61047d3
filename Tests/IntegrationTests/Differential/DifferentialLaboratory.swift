import Foundation
import TokyoDataCore
import TokyoDataLake
import TokyoDataTesting

@testable import TokyoDataAWS

/// A bucket, a database of Glue and Athena in the laboratory, for one scenario.
struct DifferentialLaboratory: Sendable {
  struct MissingService: Error, CustomStringConvertible {
    let description = "TOKYO_TEST_AWS_ENDPOINT_URL is not set: run Tests/run"
  }

  let lake: Lake
  let store: AthenaColdStore

  init() async throws {
    let environment = ProcessInfo.processInfo.environment
    guard let endpoint = environment["TOKYO_TEST_AWS_ENDPOINT_URL"],
      let region = environment["TOKYO_TEST_AWS_REGION"],
      let key = environment["TOKYO_TEST_AWS_ACCESS_KEY_ID"],
      let secret = environment["TOKYO_TEST_AWS_SECRET_ACCESS_KEY"]
    else { throw MissingService() }
    var configuration = AWSConfiguration(region: region)
    configuration.endpointURL = endpoint
    let session = try AWSSession(
      configuration, credentials: StaticCredentials(accessKeyID: key, secretAccessKey: secret))
    let name = "differential-\(UInt64.random(in: .min ... .max))"
    try await S3Client(client: session.client(.s3), bucket: name).createBucket(in: region)
    let layout = try LakeLayout()
    let database = name.replacing("-", with: "_")
    lake = Lake(
      try S3ObjectStore(bucket: name, session: session),
      try GlueCatalog(database: database, bucket: name, layout: layout, session: session), layout: layout)
    var options = AthenaOptions()
    options.smallRead = .none
    options.outputLocation = "s3://\(name)/results/"
    store = AthenaColdStore(
      lake, database: database, workgroup: "primary", session: session, options: options)
  }
}

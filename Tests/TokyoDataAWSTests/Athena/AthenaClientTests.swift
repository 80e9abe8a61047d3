import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("AthenaClient")
struct AthenaClientTests {
  static let token = String(repeating: "t", count: 32)

  func start(_ sql: String = "SELECT 1", token: String = token) -> AthenaQueryStart {
    AthenaQueryStart(queryString: sql, clientRequestToken: token)
  }

  @Test("starts a query with everything that it was given")
  func starts() async throws {
    let service = ServiceStandIn(["StartQueryExecution": #"{"QueryExecutionId": "q1"}"#])
    var start = start("SELECT ?")
    start.queryExecutionContext = AthenaQueryContext(database: "d", catalog: "c")
    start.workGroup = "w"
    start.executionParameters = ["1", "'it''s'"]
    start.resultConfiguration = AthenaResultConfiguration(
      outputLocation: "s3://results/", encryptionConfiguration: .init(encryptionOption: "SSE_S3"),
      expectedBucketOwner: "123456789012")
    start.resultReuseConfiguration = AthenaResultReuse(upToMinutes: 60)
    #expect(try await AthenaClient(client: service.client).startQuery(start) == "q1")
    let expected: [String] = [
      #"{"ClientRequestToken":"\#(Self.token)","ExecutionParameters":["1","'it''s'"],"#,
      #""QueryExecutionContext":{"Catalog":"c","Database":"d"},"QueryString":"SELECT ?","#,
      #""ResultConfiguration":{"EncryptionConfiguration":{"EncryptionOption":"SSE_S3"},"#,
      #""ExpectedBucketOwner":"123456789012","OutputLocation":"s3://results/"},"#,
      #""ResultReuseConfiguration":{"ResultReuseByAgeConfiguration":{"Enabled":true,"MaxAgeInMinutes":60}},"#,
      #""WorkGroup":"w"}"#,
    ]
    #expect(service.calls.first?.text == expected.joined())
  }

  /// Starts at the edges of what Athena takes.
  enum Edge: CaseIterable {
    case longestQuery, longerQuery, longerInBytes, emptyQuery, shorterToken, longestToken, longerToken
    case noParameters, emptyParameter, longestParameter, longerParameter, oldestReuse, olderReuse,
      youngerReuse

    var isWithin: Bool { [.longestQuery, .longestToken, .longestParameter, .oldestReuse].contains(self) }

    func apply(to start: inout AthenaQueryStart) {
      func x(_ count: Int) -> String { String(repeating: "x", count: count) }
      switch self {
      case .longestQuery: start.queryString = x(262_144)
      case .longerQuery: start.queryString = x(262_145)
      case .longerInBytes: start.queryString = String(repeating: "ü", count: 131_073)
      case .emptyQuery: start.queryString = ""
      case .shorterToken: start.clientRequestToken = x(31)
      case .longestToken: start.clientRequestToken = x(128)
      case .longerToken: start.clientRequestToken = x(129)
      case .noParameters: start.executionParameters = []
      case .emptyParameter: start.executionParameters = ["1", ""]
      case .longestParameter: start.executionParameters = [x(1_024)]
      case .longerParameter: start.executionParameters = [x(1_025)]
      case .oldestReuse: start.resultReuseConfiguration = AthenaResultReuse(upToMinutes: 10_080)
      case .olderReuse: start.resultReuseConfiguration = AthenaResultReuse(upToMinutes: 10_081)
      case .youngerReuse: start.resultReuseConfiguration = AthenaResultReuse(upToMinutes: -1)
      }
    }
  }

  @Test(
    "takes what lies just within Athena's limits, and sends nothing of what lies beyond",
    arguments: Edge.allCases)
  func limits(_ edge: Edge) async throws {
    let service = ServiceStandIn(["StartQueryExecution": #"{"QueryExecutionId": "q"}"#])
    var start = start()
    edge.apply(to: &start)
    let athena = AthenaClient(client: service.client)
    guard !edge.isWithin else {
      #expect(try await athena.startQuery(start) == "q")
      return
    }
    let started = start
    let error = await #expect(throws: TokyoDataError.self) { _ = try await athena.startQuery(started) }
    #expect(error?.code == .invalidArgument)
    #expect(error?.message.contains("xxx") == false)
    #expect(service.calls.isEmpty)
  }

  @Test("sends no batch, page or limit that Athena would refuse")
  func otherLimits() async throws {
    let service = ServiceStandIn([:])
    let athena = AthenaClient(client: service.client)
    let ids = (0..<51).map { "q\($0)" }
    await #expect(throws: TokyoDataError.self) { _ = try await athena.queries(ids) }
    await #expect(throws: TokyoDataError.self) { _ = try await athena.queries([]) }
    await #expect(throws: TokyoDataError.self) { _ = try await athena.results(of: "q", upTo: 1_001) }
    await #expect(throws: TokyoDataError.self) {
      try await athena.createWorkGroup("w", .init(bytesScannedCutoffPerQuery: 9_999_999))
    }
    await #expect(throws: TokyoDataError.self) {
      try await athena.updateWorkGroup("w", .init(bytesScannedCutoffPerQuery: 1))
    }
    await #expect(throws: TokyoDataError.self) {
      try await athena.createPreparedStatement("s", in: "w", "")
    }
    #expect(service.calls.isEmpty)
  }

  @Test("reads what became of a query")
  func reads() async throws {
    let service = ServiceStandIn([
      "GetQueryExecution": """
      {"QueryExecution": {"QueryExecutionId": "q", "StatementType": "DML", "Status": {"State": "FAILED",
       "StateChangeReason": "no", "SubmissionDateTime": 1735689600.5,
       "AthenaError": {"ErrorCategory": 2, "ErrorType": 1004, "Retryable": false, "ErrorMessage": "no table"}},
       "Statistics": {"DataScannedInBytes": 5000000000, "DataManifestLocation": "s3://r/m.csv",
        "ResultReuseInformation": {"ReusedPreviousResult": true}},
       "EngineVersion": {"SelectedEngineVersion": "AUTO", "EffectiveEngineVersion": "Athena engine version 3"}}}
      """
    ])
    let query = try await AthenaClient(client: service.client).query("q")
    #expect(query.status.state == .failed)
    #expect(query.status.state.isFinal)
    #expect(query.status.athenaError?.category == .user)
    #expect(query.status.athenaError?.errorType == 1004)
    #expect(query.status.athenaError?.isRetryable == false)
    #expect(query.statistics?.dataScannedInBytes == 5_000_000_000)
    #expect(query.statistics?.resultReuseInformation?.reusedPreviousResult == true)
    #expect(query.status.submissionDateTime?.timestamp.microsecondsSince1970 == 1_735_689_600_500_000)
    #expect(!AthenaQueryState(name: "QUEUED").isFinal)
    #expect(!AthenaQueryState(name: "SOMETHING_NEW").isFinal)
  }

  @Test("tells NULL from an empty text in a result")
  func cells() async throws {
    let service = ServiceStandIn([
      "GetQueryResults": """
      {"NextToken": "n", "ResultSet": {"Rows": [{"Data": [{"VarCharValue": "a"}, {"VarCharValue": ""}, {}]},
       {}], "ResultSetMetadata": {"ColumnInfo": [{"Name": "x", "Type": "decimal", "Precision": 12, "Scale": 2,
       "Nullable": "UNKNOWN"}]}}}
      """
    ])
    let page = try await AthenaClient(client: service.client).results(of: "q", after: "before")
    #expect(page.rows == [["a", "", nil], []])
    #expect(page.nextToken == "n")
    #expect(page.columns.first?.scale == 2)
    #expect(
      service.calls.first?.text == #"{"MaxResults":1000,"NextToken":"before","QueryExecutionId":"q"}"#)
  }
}

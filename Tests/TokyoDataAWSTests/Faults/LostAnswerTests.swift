import Synchronization
import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("An answer that is damaged or lost")
struct LostAnswerTests {
  /// Answers calls in turn, and the last answer from then on.
  private func service(_ answers: [ServiceStandIn.Answer?]) -> ServiceStandIn {
    let turn = Mutex(0)
    return ServiceStandIn { _ in
      let number = turn.withLock { turn in
        defer { turn += 1 }
        return min(turn, answers.count - 1)
      }
      // Done, and not heard.
      guard let answer = answers[number] else { throw HTTPError(.connectionLost) }
      return answer
    }
  }

  private func statement(_ sql: String) -> ServiceStandIn.Answer {
    .init(#"{"PreparedStatement": {"StatementName": "s", "QueryStatement": "\#(sql)"}}"#)
  }

  @Test(
    "is asked for again where its document is damaged",
    arguments: ["{\"Query", "}\"QueryExecutionId\": \"q\"}", "{}"])
  func damaged(_ answer: String) async throws {
    let service = service([.init(answer), .init(#"{"QueryExecutionId": "q"}"#)])
    let start = AthenaQueryStart(queryString: "SELECT 1", clientRequestToken: AthenaClientTests.token)
    #expect(try await AthenaClient(client: service.client).startQuery(start) == "q")
    #expect(service.calls.count == 2)
  }

  @Test("is a typed error where every document is damaged")
  func alwaysDamaged() async throws {
    let service = service([.init("{")])
    let error = await #expect(throws: TokyoDataError.self) {
      _ = try await AthenaClient(client: service.client).query("q")
    }
    #expect(error?.code == .invalidData)
    #expect(service.calls.count == 3)
  }

  @Test("is asked for again where an error stands in it, though its members could all be absent")
  func errorInside() async throws {
    let service = service([
      .error("InternalServiceException", status: 200), .init(#"{"Partitions": [{"Values": ["a"]}]}"#),
    ])
    let glue = GlueClient(client: service.client, database: "d")
    #expect(try await glue.partitions(of: "t").map(\.values) == [["a"]])
    #expect(service.calls.count == 2)
  }

  @Test("is the error that stands in every try's")
  func alwaysErrorInside() async throws {
    let service = service([.error("AccessDeniedException", status: 200)])
    let error = await #expect(throws: AWSServiceError.self) {
      _ = try await GlueClient(client: service.client, database: "d").hasDatabase()
    }
    #expect(error?.code == "AccessDeniedException")
    #expect(error?.attempts == 3)
  }

  @Test(
    "is what was asked for where it says so itself",
    arguments: ["GetDatabaseResponse", "com.amazonaws.glue#GetDatabaseOutput", "GetDatabaseResult"])
  func shape(_ name: String) async throws {
    let service = service([.init(#"{"__type": "\#(name)"}"#)])
    #expect(try await GlueClient(client: service.client, database: "d").hasDatabase())
  }

  @Test(
    "is not asked for again where a second try would count twice",
    arguments: [.init("{"), .error("InternalError", status: 200)] as [ServiceStandIn.Answer])
  func countsOnce(_ answer: ServiceStandIn.Answer) async throws {
    let service = service([answer])
    await #expect(throws: (any Error).self) {
      let _: EmptyAnswer = try await service.client.call(.putMetricData, ["Namespace": "n"])
    }
    #expect(service.calls.count == 1)
  }

  @Test("of a created statement is known by the statement that is there")
  func created() async throws {
    let service = service([nil, .error("InvalidRequestException"), statement("SELECT ?")])
    try await AthenaClient(client: service.client).createPreparedStatement("s", in: "w", "SELECT ?")
    #expect(service.calls.map(\.operation).last == "GetPreparedStatement")
  }

  @Test("does not make another's statement ours, nor one that is not there")
  func notCreated() async throws {
    for there in [statement("SELECT 2"), .error("ResourceNotFoundException")] {
      let service = service([nil, .error("InvalidRequestException"), there])
      let error = await #expect(throws: AWSServiceError.self) {
        try await AthenaClient(client: service.client).createPreparedStatement("s", in: "w", "SELECT ?")
      }
      #expect(error?.operation == "CreatePreparedStatement")
    }
  }

  @Test("does not hide that a name was taken from the start")
  func taken() async throws {
    let service = service([.error("InvalidRequestException"), statement("SELECT ?")])
    await #expect(throws: AWSServiceError.self) {
      try await AthenaClient(client: service.client).createPreparedStatement("s", in: "w", "SELECT ?")
    }
    #expect(service.calls.count == 1)
  }

  @Test("of a deleted statement is known by its absence, which alone is an error")
  func deleted() async throws {
    let lost = service([nil, .error("ResourceNotFoundException")])
    try await AthenaClient(client: lost.client).deletePreparedStatement("s", in: "w")
    #expect(lost.calls.count == 2)
    let absent = service([.error("ResourceNotFoundException")])
    await #expect(throws: AWSServiceError.self) {
      try await AthenaClient(client: absent.client).deletePreparedStatement("s", in: "w")
    }
  }

  @Test(
    "of a created workgroup is known by the workgroup that is there, if it is as asked for",
    arguments: [(10_000_000, true), (20_000_000, false)])
  func createdWorkGroup(_ limit: Int, _ isOurs: Bool) async throws {
    let service = service([
      nil, .error("InvalidRequestException"),
      .init(
        #"{"WorkGroup": {"Name": "w", "Configuration": {"BytesScannedCutoffPerQuery": \#(limit), "#
          + #""EnforceWorkGroupConfiguration": true}}}"#),
    ])
    let athena = AthenaClient(client: service.client)
    let wanted = AthenaWorkGroupConfiguration(bytesScannedCutoffPerQuery: 10_000_000)
    if isOurs {
      try await athena.createWorkGroup("w", wanted)
    } else {
      let error = await #expect(throws: AWSServiceError.self) {
        try await athena.createWorkGroup("w", wanted)
      }
      #expect(error?.operation == "CreateWorkGroup")
    }
    #expect(service.calls.count == 3)
  }
}

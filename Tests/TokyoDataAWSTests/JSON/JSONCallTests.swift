import Testing
import TokyoDataCore

@testable import TokyoDataAWS

@Suite("Calls of services that speak JSON")
struct JSONCallTests {
  struct Input: Encodable {
    var queryString = "SELECT 1"
    var maxResults: Int?
    var parameters = ["some.key": "Value"]
    var at = EpochSeconds(Timestamp(microsecondsSince1970: 1_500_000))
  }

  struct Output: Decodable, Equatable {
    struct Item: Decodable, Equatable {
      var name: String
      var size: Int?
    }
    var items: [Item]?
    var parameters: [String: String]?
    var at: EpochSeconds?
  }

  @Test("say the operation in a header and write members with a capital letter, keys of maps as they are")
  func writes() async throws {
    let service = ServiceStandIn([:])
    let _: EmptyAnswer = try await service.client.call(.getTable, Input())
    let call = try #require(service.calls.first)
    #expect(call.headers["x-amz-target"] == "AWSGlue.GetTable")
    #expect(call.headers["content-type"] == "application/x-amz-json-1.1")
    #expect(call.text == #"{"At":1.5,"Parameters":{"some.key":"Value"},"QueryString":"SELECT 1"}"#)
  }

  @Test(
    "speak each service's dialect",
    arguments: [
      (AWSOperation.startQueryExecution, "AmazonAthena.StartQueryExecution", "1.1", "QueryString"),
      (.putMetricData, "GraniteServiceVersion20100801.PutMetricData", "1.0", "QueryString"),
      (.putLogEvents, "Logs_20140328.PutLogEvents", "1.1", "queryString"),
    ])
  func dialects(_ operation: AWSOperation, _ target: String, _ version: String, _ member: String) async throws
  {
    let service = ServiceStandIn([:])
    let _: EmptyAnswer = try await service.client.call(operation, Input())
    let call = try #require(service.calls.first)
    #expect(call.headers["x-amz-target"] == target)
    #expect(call.headers["content-type"] == "application/x-amz-json-\(version)")
    #expect(call.text.contains("\"\(member)\""))
  }

  @Test("read what they know and ignore the rest")
  func reads() async throws {
    let service = ServiceStandIn([
      "GetTable": """
      {"Items": [{"Name": "a", "Size": 3, "New": {"x": [1]}}, {"Name": "b"}], "Parameters": {"Key": "v"},
       "At": 1735689600.123456, "Unknown": null}
      """
    ])
    let output: Output = try await service.client.call(.getTable, Input())
    #expect(output.items == [.init(name: "a", size: 3), .init(name: "b", size: nil)])
    #expect(output.parameters == ["Key": "v"])
    #expect(output.at?.timestamp == Timestamp(microsecondsSince1970: 1_735_689_600_123_456))
  }

  @Test("take an answer without a document for an empty one")
  func empty() async throws {
    let output: Output = try await ServiceStandIn(["GetTable": ""]).client.call(.getTable, Input())
    #expect(output == Output())
  }

  @Test(
    "name operation and member of what cannot be read, never a value",
    arguments: [
      (#"{"Items": [{"Name": "a"}, {"Size": 77}]}"#, "items.[1].name is missing"),
      (#"{"Items": [{"Name": "a", "Size": "secret"}]}"#, "items.[0].size has another type"),
      (#"{"Items": [{"Name": null}]}"#, "name is null"),
      (#"{"At": 1e300}"#, "at makes no sense"),
      ("<secret>", "it is not JSON"),
      (#"{"Items": "#, "it is not JSON"),
      (String(repeating: "[", count: 100_000), "it is not JSON"),
    ])
  func errors(_ answer: String, _ words: String) async throws {
    let error = await #expect(throws: TokyoDataError.self) {
      let _: Output = try await ServiceStandIn(["GetTable": answer]).client.call(.getTable, Input())
    }
    #expect(error?.code == .invalidData)
    #expect(error?.message.contains("GetTable") == true)
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    #expect(error?.debugDescription.contains("secret") == false)
    #expect(error?.debugDescription.contains("77") == false)
  }

  @Test("refuse what JSON cannot carry before anything is sent")
  func unwritable() async throws {
    let service = ServiceStandIn([:])
    let error = await #expect(throws: TokyoDataError.self) {
      let _: EmptyAnswer = try await service.client.call(.getTable, ["Value": Double.infinity])
    }
    #expect(error?.code == .invalidArgument)
    #expect(service.calls.isEmpty)
  }

  @Test("follow pages to the end, and no further than that")
  func pagesEnd() async throws {
    let three = try await pages { token -> ([Int], String?) in
      switch token {
      case nil: ([1], "a")
      case "a": ([2], "b")
      default: ([3], nil)
      }
    }
    #expect(three == [1, 2, 3])
    await #expect(throws: TokyoDataError.self) { _ = try await pages { _ in ([1], "again") } }
    var number = 0
    await #expect(throws: TokyoDataError.self) {
      _ = try await pages { _ -> ([Int], String?) in
        number += 1
        return ([], "\(number)")
      }
    }
  }
}

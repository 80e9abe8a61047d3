import CoreMetrics
import Testing
import TokyoDataCore

@testable import TokyoDataAWS

/// The operation of CloudWatch's metrics, in a namespace of its own.
struct MetricsFaultScenario: FaultScenario {
  let target = JSONLaboratory.newName("metrics")
  private let client: AWSClient
  private let metrics: CloudWatchMetrics

  init() async throws {
    client = try Laboratory.client(named: target)
    metrics = CloudWatchMetrics(
      output: ServiceMetricOutput(client: client, namespace: target), interval: .seconds(60), dimensions: [],
      maximumSeries: 10, logger: nil, clock: HurriedClock(), now: nil)
  }

  func told(_ error: any Error) -> any Error { TokyoDataError(aws: error, store: "cloudwatch") }

  func checkRemains(of run: FaultRun, succeeded: Bool) async throws {
    // What CloudWatch surely did not take goes with the next flush.
    if !succeeded { try await metrics.flush() }
    let sum = try await published()
    if metrics.lostCount == 0 {
      #expect(sum == 3, "\(run): counted \(sum)")
    } else {
      #expect(run.fault.leavesOpen, "\(run): told as lost though it was surely not taken")
      #expect(sum == 0 || sum == 3, "\(run): counted \(sum)")
    }
  }

  static var uses: [String: FaultUse<Self>] {
    [
      "PutMetricData": FaultUse(
        prepare: { Counter(label: "requests", factory: $0.metrics).increment(by: 3) },
        act: { try await $0.metrics.flush() },
        verify: { expect($0.metrics.lostCount, 0) })
    ]
  }

  /// What the service has counted.
  private func published() async throws -> Double {
    struct Input: Encodable {
      var namespace: String
      var metricName = "requests"
      var startTime, endTime: EpochSeconds
      var period = 86_400
      var statistics = ["Sum"]
    }
    struct Output: Decodable {
      struct Point: Decodable { var sum: Double }
      var datapoints: [Point]
    }
    let now = Timestamp.systemNow()
    let output: Output = try await client.call(
      AWSOperation(.cloudWatch, "GetMetricStatistics"),
      Input(
        namespace: target, startTime: EpochSeconds(now.adding(microseconds: -3_600_000_000)),
        endTime: EpochSeconds(now.adding(microseconds: 3_600_000_000))))
    return output.datapoints.map(\.sum).reduce(0, +)
  }
}

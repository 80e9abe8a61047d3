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

  func told(_ error: any Error) -> any Error { TokyoDataError.of(error, .init(store: "cloudwatch")) }

  func checkRemains(of run: FaultRun, succeeded: Bool) async throws {
    // What CloudWatch surely did not take goes with the next flush.
    if !succeeded { try await metrics.flush() }
    let sum = try await published()
    let possible: [Double]
    switch run.fault.effect {
    case _ where metrics.lostCount == 0: possible = [3]
    case .delay: possible = []
    case .refusal: possible = [0]
    case .unknown: possible = [0, 3]
    }
    #expect(possible.contains(sum), "\(run): counted \(sum), and lost \(metrics.lostCount)")
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

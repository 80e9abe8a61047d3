internal import TokyoDataPostgres

/// Our side of the group `postgres`: point queries like those of pgbench's built-in select-only script.
///
///     postgres-bench select URL SCALE TASKS SECONDS MODE    MODE is shared or leased
///
/// Prints statements a second, and the 50th and 99th percentile of their latencies in microseconds.
@main
enum Main {
  static func main() async {
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      guard arguments.count == 6, arguments[0] == "select", let scale = Int(arguments[2]),
        let tasks = Int(arguments[3]), let seconds = Double(arguments[4])
      else { return print("usage: postgres-bench select URL SCALE TASKS SECONDS shared|leased") }
      let run = SelectOnly(accounts: scale * 100_000, tasks: tasks, duration: .seconds(seconds))
      let store = PostgresHotStore(PostgresConfiguration(arguments[1]))
      let latencies = try await run.measure(store, isLeased: arguments[5] == "leased")
      print(latencies)
    } catch { print("error", String(reflecting: error)) }
  }
}

struct SelectOnly {
  let accounts: Int
  let tasks: Int
  let duration: Duration

  func measure(_ store: PostgresHotStore, isLeased: Bool) async throws -> String {
    let clock = ContinuousClock()
    let start = clock.now
    let end = start + duration
    var all: [Duration] = []
    try await withThrowingTaskGroup(of: [Duration].self) { group in
      for task in 0..<tasks {
        group.addTask {
          var random = SplitMix(seed: UInt64(task) &* 7919 &+ 1)
          if isLeased {
            return try await store.withConnection { connection in
              try await Self.run(until: end, &random, accounts) { try await connection.query($0) }
            }
          }
          return try await Self.run(until: end, &random, accounts) { try await store.query($0) }
        }
      }
      for try await some in group { all += some }
    }
    let elapsed = clock.now - start
    all.sort()
    func micros(_ share: Double) -> Int {
      Int(all[min(all.count - 1, Int(Double(all.count) * share))] / .microseconds(1))
    }
    return "\(Int(Double(all.count) / (elapsed / .seconds(1)))) \(micros(0.5)) \(micros(0.99))"
  }

  private static func run(
    until end: ContinuousClock.Instant, _ random: inout SplitMix, _ accounts: Int,
    _ query: (PostgresStatement) async throws -> ColumnBatch
  ) async throws -> [Duration] {
    var latencies: [Duration] = []
    latencies.reserveCapacity(200_000)
    var now = ContinuousClock.now
    while now < end {
      let id = Int32(truncatingIfNeeded: random.below(accounts) + 1)
      let rows = try await query("SELECT abalance FROM pgbench_accounts WHERE aid = \(id)")
      guard case .int = rows.columns[0][0] else { throw CancellationError() }
      let then = ContinuousClock.now
      latencies.append(then - now)
      now = then
    }
    return latencies
  }
}

/// The generator SplitMix64.
struct SplitMix {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)).multipliedFullWidth(by: UInt64(bound)).high)
  }
}

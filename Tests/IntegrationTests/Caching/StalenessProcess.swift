import Foundation
import Synchronization
import TokyoData
import TokyoDataTesting

/// One of the processes of a history, with stores and a cache that it opened itself.
struct StalenessProcess: Sendable {
  /// How many tasks each process has.
  static let tasks = StalenessPlace.owners / 2

  private let place: StalenessPlace
  private let number: Int
  private let hot: PostgresHotStore
  private let router: Router
  private let etl: ETL
  private let dataset: DatasetName
  private let log = LockedLog()

  /// Plays a process's part of a history, and leaves its log in the place.
  static func play(_ number: Int, in place: StalenessPlace, operations: Int) async throws {
    let (hot, cache) = (try place.openHot(), try place.openCache())
    let process = try StalenessProcess(number, in: place, hot, cache)
    await withTaskGroup { group in
      for task in 0..<tasks {
        group.addTask { await process.play(task, operations / tasks) }
      }
    }
    await cache.close()
    await hot.close()
    try JSONEncoder().encode(process.log.value.withLock { $0 }).write(to: place.log(of: number))
  }

  private init(_ number: Int, in place: StalenessPlace, _ hot: PostgresHotStore, _ cache: RedisCache) throws {
    let lake = try place.openLake()
    self.place = place
    self.number = number
    self.hot = hot
    dataset = try DatasetName(StalenessPlace.table)
    router = Router(
      hot: hot, cold: LakeColdStore(lake), cache: cache, caching: ResultCaching(callLimit: .seconds(30)),
      limits: RouterLimits(attempts: 50))
    etl = ETL(from: hot, to: lake, options: ETLOptions(writerWait: .milliseconds(50), grace: .zero))
  }

  private func play(_ task: Int, _ operations: Int) async {
    let owner = number * Self.tasks + task
    var random = SeededRandom(seed: place.seed &+ UInt64(owner) &* 0x1_0000_0001)
    var last: Int64 = 0
    for _ in 0..<operations {
      switch random.below(100) {
      case ..<88: await read(&random)
      case ..<94:
        last += 1
        // The numbers of one owner are nobody else's.
        await write(last * Int64(StalenessPlace.owners) + Int64(owner), owner, &random)
      default: await maintain(&random)
      }
    }
  }

  private func read(_ random: inout SeededRandom) async {
    let first = random.below(StalenessPlace.dayCount)
    let days = first...min(StalenessPlace.dayCount - 1, first + random.below(StalenessPlace.dayCount))
    let kind: QueryKind? = random.below(2) == 0 ? .analytics : nil
    do {
      let begun = ContinuousClock.now
      let answer = try await router.fetch(
        Query(dataset).time(in: TimeRange(place.day(days.lowerBound)...place.day(days.upperBound)))
          .group(by: .column("id")).select(.max("number"), .count).needing(QueryNeeds(kind: kind)))
      var seen: [Int64: Int64] = [:]
      for (id, number, count) in try answer.decode((Int64, Int64, Int).self) {
        if count != 1 || seen[id] != nil { log.note("row \(id) is counted more than once") }
        seen[id] = number
      }
      log.value.withLock {
        $0.reads.append(
          .init(
            begun: begun, ids: StalenessPlace.ids(of: days), seen: seen, isCached: answer.cache.hits > 0))
      }
    } catch { log.note("a read failed: \(error)") }
  }

  /// Gives rows of several days one number, in one transaction, so that a torn answer shows.
  private func write(_ number: Int64, _ owner: Int, _ random: inout SeededRandom) async {
    let days = Set((0..<2).map { _ in random.below(StalenessPlace.dayCount) }).sorted()
    let ids = days.map { StalenessPlace.id(day: $0, owner: owner) }
    do {
      let rows = days.map { day -> PostgresStatement in
        "(\(StalenessPlace.id(day: day, owner: owner)), \(number), \(place.day(day).start))"
      }
      try await hot.withTransaction { transaction in
        _ = try await transaction.execute(
          """
          INSERT INTO \(identifier: StalenessPlace.table) (id, number, at)
          VALUES \(.joining(rows, separator: ", "))
          ON CONFLICT (id) DO UPDATE SET number = excluded.number
          """)
      }
      log.value.withLock { $0.writes.append(.init(number: number, ids: ids, acknowledged: .now)) }
    } catch {
      // Whether it was written is not known; an answer may show it.
      log.value.withLock { $0.writes.append(.init(number: number, ids: ids, acknowledged: nil)) }
      log.note("a write failed: \(error)")
    }
  }

  private func maintain(_ random: inout SeededRandom) async {
    let day = place.day(random.below(StalenessPlace.dayCount))
    do {
      switch random.below(4) {
      case 0: _ = try await etl.export(dataset, .range(day...day))
      case 1: _ = try await etl.collect(dataset)
      default:
        _ = try await etl.export(dataset, .range(day...day))
        // A day that was written meanwhile stays until the next time; one that is gone has an overlay from then on.
        _ = try await etl.retire(dataset, before: day.next)
      }
      log.value.withLock { $0.runs += 1 }
    } catch let error as TokyoDataError where [.busy, .conflict].contains(error.code) {
      // Another run is under way, or a day changed meanwhile.
    } catch { log.note("maintenance failed: \(error)") }
  }
}

private final class LockedLog: Sendable {
  let value = Mutex(StalenessLog())

  func note(_ problem: String) { value.withLock { $0.problems.append(problem) } }
}

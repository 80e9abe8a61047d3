import Foundation
import TokyoData

/// The two stores behind the router, and one store that holds everything, to compare with.
struct Demonstration {
  let now: Timestamp
  let data: BillingDatasets
  let hot: InMemoryHotStore
  let lake: Lake
  let router: Router
  /// All rows in one store: what each report must equal.
  let whole: Router
  private let wholeStore: InMemoryHotStore

  /// The two years that the reports look at.
  var span: TimeRange { TimeRange(from: BillingYears(data, until: now).days.lowerBound.start, until: now) }

  init(now: Timestamp, folder: String) async throws {
    self.now = now
    data = try BillingDatasets()
    hot = InMemoryHotStore(now: { now })
    lake = try Lake.local(folder: folder, isDurable: false)
    router = Router(hot: hot, cold: LakeColdStore(lake))
    wholeStore = InMemoryHotStore(now: { now })
    whole = Router(hot: wholeStore, cold: nil)
    for dataset in data.dated + data.undated {
      try await hot.install(dataset)
      try await wholeStore.install(dataset)
    }
  }

  /// Makes up the business and writes it to both stores, a transaction a day.
  func fill() async throws {
    var years = BillingYears(data, until: now)
    var rows: [DatasetName: Int] = [:]
    let progress = Progress("Writing two years of billing", total: years.days.count)
    try await insert([(data.customers, years.customers()), (data.products, years.products())])
    for (index, day) in years.days.enumerated() {
      let business = try years.business(on: day)
      try await insert(business.batches)
      for (dataset, batch) in business.batches { rows[dataset.name, default: 0] += batch.rowCount }
      progress.show(index + 1)
    }
    progress.end(data.dated.map { "\(Text.grouped(rows[$0.name] ?? 0)) \($0.name)" }.joined(separator: ", "))
  }

  private func insert(_ batches: [(dataset: Dataset, rows: ColumnBatch)]) async throws {
    for store in [hot, wholeStore] {
      try await store.withTransaction { transaction in
        for (dataset, rows) in batches { try await transaction.insert(rows, into: dataset.name) }
      }
    }
  }

  /// Loses one invoice of a day that will be cold, as a broken pipeline would.
  func dropOneRow() async throws {
    let day = now.day.advanced(by: -400)
    let query = Query(data.invoices.name).time(in: TimeRange(day...day))
      .filter(.column("status", .equal, "issued")).limit(1)
    let victim = try await router.fetch(query).batch
    _ = try await hot.withTransaction { try await $0.delete(victim, from: data.invoices.name) }
    print("Dropped one invoice of \(day) before its export.")
  }

  /// Copies all finished days, removes from hot what is older than its window, and weighs the copies.
  func exportAndRetire() async throws -> [DatasetSize] {
    var sizes: [DatasetSize] = []
    for dataset in data.dated {
      let export = try await etl("Exporting", dataset).run { try await $0.export(dataset.name, .full) }
      let retire = try await etl("Retiring", dataset).run { try await $0.retire(dataset.name) }
      let days = try await ETL(from: hot, to: lake).status(dataset.name)
      sizes.append(
        DatasetSize(
          name: "\(dataset.name)", rows: export.rows, files: days.count,
          csvBytes: try await csvBytes(of: dataset), parquetBytes: days.reduce(0) { $0 + $1.bytes },
          retiredRows: retire.days.reduce(0) { $0 + $1.rows }, days: days))
    }
    return sizes
  }

  private func etl(_ verb: String, _ dataset: Dataset) -> RunningETL {
    RunningETL(title: "\(verb) \(dataset.name)", store: hot, lake: lake)
  }

  private func csvBytes(of dataset: Dataset) async throws -> Int {
    var csv = CSVWeight(dataset.schema)
    try await wholeStore.withExportSnapshot(of: dataset.name) { snapshot in
      for day in try await snapshot.finishedDays().keys {
        try await snapshot.readDay(day) { csv.add($0) }
      }
    }
    return csv.bytes
  }

  /// Asks each report of the router and of the one store, and compares cell by cell.
  func compareReports() async throws -> [Finding] {
    var findings: [Finding] = []
    for report in Report.all {
      let inquiry = Inquiry(router, over: span)
      let start = ContinuousClock.now
      let split = try await report.make(inquiry, data)
      let time = ContinuousClock.now - start
      let single = try await report.make(Inquiry(whole, over: span), data)
      let finding = Finding(
        report: report.name, answer: split, oneStore: single, plans: inquiry.plans.map(\.description),
        hotRows: inquiry.hotRows, coldRows: inquiry.coldRows, time: time)
      Text.print(finding)
      findings.append(finding)
    }
    return findings
  }
}

/// One operation of the ETL that draws its progress.
struct RunningETL {
  let title: String
  let store: InMemoryHotStore
  let lake: Lake

  func run<Result>(_ operation: (ETL) async throws -> Result) async throws -> Result {
    let progress = Progress(title, total: 0)
    var options = ETLOptions()
    options.onProgress = { progress.show($0.finished, of: $0.total) }
    let result = try await operation(ETL(from: store, to: lake, options: options))
    progress.end("done")
    return result
  }
}

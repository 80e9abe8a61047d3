import TokyoData

// snippet: nightly
func nightly(_ hot: PostgresHotStore, _ lake: Lake) async throws {
  let options = ETLOptions(onProgress: { print("\($0.kind) \($0.day): \($0.finished) of \($0.total)") })
  let etl = ETL(from: hot, to: lake, options: options)
  let invoices = try DatasetName("invoices")

  let export = try await etl.export(invoices)
  for day in export.days where day.outcome == .suspect { print("\(day.day) needs a person") }

  let verify = try await etl.verify(invoices)
  guard verify.isClean else { return }

  let retire = try await etl.retire(invoices)
  for day in retire.days where day.outcome != .retired { print("\(day.day) stays: \(day.outcome)") }

  _ = try await etl.collect(invoices)
}
// end snippet

func otherModes(_ etl: ETL, _ invoices: DatasetName, _ days: ClosedRange<Day>) async throws {
  // snippet: modes
  _ = try await etl.export(invoices, dryRun: true)  // says what would be done
  _ = try await etl.export(invoices, .full)  // compares every finished day that hot holds
  _ = try await etl.export(invoices, .range(days))  // the same for some days, both ends included
  // end snippet
}

func settle(_ etl: ETL, _ invoices: DatasetName, _ day: Day) async throws {
  // snippet: resolve
  for status in try await etl.status(invoices) where status.state == .suspect { print(status.day) }
  try await etl.resolve(invoices, day: day, keeping: .hot)
  // end snippet
}

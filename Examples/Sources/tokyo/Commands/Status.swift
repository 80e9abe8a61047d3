internal import ArgumentParser
internal import TokyoData

/// Where each day of a dataset stands.
struct Status: ReportingCommand {
  static let configuration = CommandConfiguration(abstract: "Show where each day stands.")

  @OptionGroup var server: ServerOptions
  @OptionGroup var lake: LakeOptions
  @OptionGroup var dataset: DatasetOptions
  @OptionGroup var output: OutputOptions

  func report() async throws -> Report {
    let days = try await server.withStore { store in try await store.status(of: dataset.dataset) }
    return Report(json: .array(days.map(\.json)), text: text(of: days))
  }

  private func text(of days: [DayStatus]) -> String {
    var table = TextTable(
      .init(title: "day"), .init(title: "state"), .init(title: "version"),
      .init(title: "rows", isNumber: true), .init(title: "bytes", isNumber: true),
      .init(title: "marked"), .init(title: "verified at"))
    table.rows = days.map { day in
      [
        "\(day.day)", day.state.rawValue, day.version?.description ?? "", "\(day.rows)", "\(day.bytes)",
        day.marked ? "yes" : "", day.verifiedAt?.description ?? "",
      ]
    }
    return days.isEmpty ? "\(dataset.dataset): no finished days" : table.text
  }
}

extension DayStatus {
  fileprivate var json: JSON {
    [
      "day": .string(day.description), "state": .string(state.rawValue), "version": .optional(version),
      "rows": .integer(rows), "bytes": .integer(bytes), "marked": .bool(marked),
      "verifiedAt": .optional(verifiedAt),
    ]
  }
}

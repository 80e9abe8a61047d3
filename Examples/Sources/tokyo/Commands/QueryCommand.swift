internal import ArgumentParser
internal import TokyoData

/// Answers a query from both tiers.
struct QueryCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "query", abstract: "Answer a query from PostgreSQL, the lake, or both.")

  @OptionGroup var options: QueryOptions
  @OptionGroup var output: OutputOptions

  func report() async throws -> Report {
    let query = try options.read()
    let answer = try await options.withRouter { router in try await router.fetch(query) }
    return Report(json: json(of: answer), text: text(of: answer))
  }

  private func json(of answer: Answer) -> JSON {
    let batch = answer.batch
    return [
      "columns": .array(
        batch.schema.fields.map { field in
          ["name": .string(field.name), "type": .string(field.type.description)]
        }),
      "rows": .array((0..<batch.rowCount).map { row in .array(batch.columns.map { $0[row].json }) }),
      "days": answer.plan.daysJSON,
      "read": [
        "hotRows": .integer(answer.read.hotRows), "coldRows": .integer(answer.read.coldRows),
        "coldBytes": .integer(answer.read.coldBytes),
      ],
      "asOf": .string(answer.asOf.description),
      "cost": [
        "scannedBytes": .integer(answer.cost.scannedBytes),
        "dollars": ColumnValue.double(answer.cost.dollars).json,
      ],
      "partial": .bool(answer.isPartial),
    ]
  }

  private func text(of answer: Answer) -> String {
    let batch = answer.batch
    var table = TextTable(
      columns: batch.schema.fields.map { .init(title: $0.name, isNumber: $0.type.isNumber) })
    table.rows = (0..<batch.rowCount).map { row in batch.columns.map { $0[row].cell } }
    var lines = [table.text, "", answer.plan.description, ""]
    lines.append(
      "\(batch.rowCount) rows as of \(answer.asOf); read \(answer.read.hotRows) rows of hot, "
        + "\(answer.read.coldRows) rows and \(answer.read.coldBytes) bytes of copies")
    if answer.isPartial { lines.append("PARTIAL: \(answer.daysLeftOut.count) days are left out") }
    return lines.joined(separator: "\n")
  }
}

extension Plan {
  /// One object per day: which tier serves it, from which version, and why.
  var daysJSON: JSON {
    .array(
      days.map { day in
        [
          "day": .string(day.day.description), "tier": .string(day.tier.rawValue),
          "version": .optional(day.version), "reason": .string(day.reason),
        ]
      })
  }
}

import TokyoData

extension Report {
  /// What was invoiced in each month.
  static let monthlyRevenue = Report(name: "Monthly revenue") { inquiry, data in
    let answer = try await inquiry.fetch(
      Query(data.invoices.name)
        .filter(.column("status", .equal, "issued"))
        .group(by: .month)
        .select(.sum("total", as: "revenue"), .count, .average("total", as: "mean"))
        .order(by: "month"))
    let months = try answer.decode((Day, Decimal128, Int, Decimal128).self)
    return ReportTable(
      columns: ["month", "revenue", "invoices", "mean invoice"],
      rows: months.map { month, revenue, count, mean in
        ["\(month)", "\(revenue)", "\(count)", "\(mean)"]
      })
  }

  /// The customers who paid most, ever.
  ///
  /// Their names come from another dataset, joined here.
  static let customerLifetimeValue = Report(name: "Customer lifetime value") { inquiry, data in
    let answer = try await inquiry.fetch(
      Query(data.payments.name)
        .group(by: .column("customer_id"))
        .select(.sum("amount", as: "paid"), .count, .min("paid_at"), .max("paid_at"))
        .order(by: .descending("paid"), "customer_id")
        .limit(12))
    let names = try await names(in: data.customers, column: "name", inquiry)
    let customers = try answer.decode((Int64, Decimal128, Int, Timestamp, Timestamp).self)
    return ReportTable(
      columns: ["customer", "paid", "payments", "first", "last"],
      rows: customers.map { id, paid, count, first, last in
        [names[id] ?? "unknown", "\(paid)", "\(count)", "\(first.day)", "\(last.day)"]
      })
  }

  /// What each category of products earned.
  ///
  /// Categories come from another dataset, joined here.
  static let productRevenue = Report(name: "Product revenue breakdown") { inquiry, data in
    let answer = try await inquiry.fetch(
      Query(data.items.name)
        .group(by: .column("product_id"))
        .select(
          .sum("amount", as: "revenue"), .sum("quantity", as: "units"), .sum("discount", as: "discount")))
    let categories = try await names(in: data.products, column: "category", inquiry)
    var totals: [String: (revenue: Decimal128, units: Decimal128, discount: Decimal128)] = [:]
    for (product, revenue, units, discount) in try answer.decode(
      (Int64, Decimal128, Decimal128, Decimal128?).self)
    {
      let category = categories[product] ?? "unknown"
      var total = totals[category] ?? (0, 0, 0)
      total.revenue = try total.revenue.adding(revenue)
      total.units = try total.units.adding(units)
      total.discount = try total.discount.adding(discount ?? 0)
      totals[category] = total
    }
    return ReportTable(
      columns: ["category", "revenue", "units", "discount"],
      rows: totals.sorted { $0.value.revenue > $1.value.revenue }.map { category, total in
        [category, "\(total.revenue)", "\(total.units)", "\(total.discount)"]
      })
  }

  /// How many customers of each quarter's sign-ups were invoiced again, quarter by quarter.
  static let retentionByCohort = Report(name: "Retention by cohort") { inquiry, data in
    let answer = try await inquiry.fetch(
      Query(data.invoices.name).group(by: .column("customer_id"), .quarter).select(.count))
    let signUps = try await inquiry.fetchAll(Query(data.customers.name).select("id", "signed_up_on"))
    var cohorts: [Int64: Day] = [:]
    for (id, day) in try signUps.decode((Int64, Day).self) {
      cohorts[id] = TimeBucket(.quarter).start(of: day)
    }
    var active: [Day: [Int: Int]] = [:]
    for (customer, quarter, _) in try answer.decode((Int64, Day, Int).self) {
      guard let cohort = cohorts[customer] else { continue }
      active[cohort, default: [:]][quarters(from: cohort, to: quarter), default: 0] += 1
    }
    let width = (active.values.flatMap(\.keys).max() ?? 0) + 1
    return ReportTable(
      columns: ["cohort"] + (0..<width).map { "quarter \($0)" },
      rows: active.sorted { $0.key < $1.key }.map { cohort, counts in
        ["\(cohort)"] + (0..<width).map { counts[$0].map(String.init) ?? "" }
      })
  }

  /// Week by week: how much was paid, and the mean of the last eight weeks.
  static let longTermTrend = Report(name: "Long-term trend") { inquiry, data in
    let answer = try await inquiry.fetch(
      Query(data.payments.name).group(by: .week).select(.sum("amount", as: "paid"), .count).order(by: "week"))
    var rows: [[String]] = []
    var recent: [Decimal128] = []
    for (week, paid, count) in try answer.decode((Day, Decimal128, Int).self) {
      recent = recent.suffix(7) + [paid]
      let sum = try recent.reduce(Decimal128(0)) { try $0.adding($1) }
      let mean = try sum.mean(of: Int64(recent.count)).rounded(to: 2)
      rows.append(["\(week)", "\(paid)", "\(count)", "\(mean)"])
    }
    return ReportTable(columns: ["week", "paid", "payments", "mean of 8 weeks"], rows: rows)
  }

  private static func names(
    in dataset: Dataset, column: String, _ inquiry: Inquiry
  ) async throws -> [Int64: String] {
    let answer = try await inquiry.fetchAll(Query(dataset.name).select("id", Projection(column)))
    return Dictionary(uniqueKeysWithValues: try answer.decode((Int64, String).self))
  }

  private static func quarters(from first: Day, to second: Day) -> Int {
    let (from, to) = (first.civil, second.civil)
    return (to.year - from.year) * 4 + (to.month - from.month) / 3
  }
}

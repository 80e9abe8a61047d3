import TokyoData

/// Two years of a growing subscription business, made up day by day from a seed.
struct BillingYears {
  /// The rows of one day, by dataset.
  struct BusinessDay {
    var day: Day
    var batches: [(dataset: Dataset, rows: ColumnBatch)]
  }

  let datasets: BillingDatasets
  let days: Range<Day>
  private var random: SplitMix
  private var nextInvoice: Int64 = 1
  private var nextItem: Int64 = 1
  private var nextPayment: Int64 = 1
  private var duePayments: [Day: [Payment]] = [:]
  private let catalog: [Product]
  private let signUps: [Day]

  private struct Product {
    var name: String
    var category: String
    var cents: Int
  }

  private struct Payment {
    var invoice: Int64
    var customer: Int64
    var cents: Int
    var second: Int
    var currency: String
  }

  /// The two years before `now`, up to the second of it.
  init(_ datasets: BillingDatasets, until now: Timestamp) {
    self.datasets = datasets
    let (year, month, day) = now.day.civil
    // February 29th has no namesake two years before; the day before it will do.
    let first = Day(year: year - 2, month: month, day: day) ?? now.day.advanced(by: -731)
    days = first..<now.day
    random = SplitMix(seed: 20_260_101)
    var random = SplitMix(seed: 7)
    catalog = (0..<120).map { index in
      let category = ["Storage", "Compute", "Network", "Support", "Licenses"][index % 5]
      return Product(
        name: "\(category) \(index / 5 + 1)", category: category, cents: 250 + random.below(400) * 25)
    }
    let span = days.count
    signUps = (0..<12_000).map { _ in first.advanced(by: random.below(span)) }.sorted()
  }

  // MARK: Tables that describe

  func customers() throws -> ColumnBatch {
    var random = SplitMix(seed: 11)
    let givens = ["Aiko", "Bram", "Chiara", "Diego", "Emi", "Farid", "Greta", "Hana", "Ivo", "Jun"]
    let families = ["Abe", "Brandt", "Costa", "Duarte", "Endo", "Fuchs", "Gallo", "Haas", "Ito", "Kimura"]
    var rows = ColumnBatchBuilder(datasets.customers.schema, capacity: signUps.count)
    for (index, day) in signUps.enumerated() {
      try rows.append(row: [
        .int(Int64(index + 1)), .string("\(random.one(of: givens)) \(random.one(of: families)) \(index + 1)"),
        .string(random.one(of: ["JP", "DE", "BR", "IT", "US"])), .date(day),
      ])
    }
    return try rows.finish()
  }

  func products() throws -> ColumnBatch {
    var rows = ColumnBatchBuilder(datasets.products.schema, capacity: catalog.count)
    for (index, product) in catalog.enumerated() {
      try rows.append(row: [
        .int(Int64(index + 1)), .string(product.name), .string(product.category),
        .decimal(Decimal128(unscaled: Int128(product.cents), scale: 2)),
      ])
    }
    return try rows.finish()
  }

  // MARK: Days

  /// The rows of the next day of business.
  mutating func business(on day: Day) throws -> BusinessDay {
    var invoices = ColumnBatchBuilder(datasets.invoices.schema, capacity: 1_200)
    var items = ColumnBatchBuilder(datasets.items.schema, capacity: 3_000)
    let known = max(1, signUps.prefix { $0 <= day }.count)
    for second in seconds(count: volume(on: day)) {
      let time = day.start.microsecondsSince1970 + Int64(second) * 1_000_000
      let customer = buyer(on: day, among: known)
      let currency = random.one(of: ["JPY", "EUR", "EUR", "USD", "USD", "USD"])
      let cents = try addItems(to: &items, invoice: nextInvoice, at: time)
      let isVoid = random.below(40) == 0
      try addInvoice(
        to: &invoices, customer: customer, currency: currency, isVoid: isVoid, cents: cents, at: time)
      if !isVoid, random.below(20) > 0 {
        let due = day.advanced(by: random.below(12))
        duePayments[due, default: []].append(
          Payment(
            invoice: nextInvoice, customer: customer, cents: cents,
            second: due == day ? second : random.below(86_400), currency: currency))
      }
      nextInvoice += 1
    }
    return BusinessDay(
      day: day,
      batches: [
        (datasets.invoices, try invoices.finish()), (datasets.items, try items.finish()),
        (datasets.payments, try payments(on: day)),
      ])
  }

  /// Business grows over the two years and rests at weekends.
  private mutating func volume(on day: Day) -> Int {
    let age = days.lowerBound.distance(to: day)
    let weekday = (Int(day.daysSince1970) + 3) % 7
    return 620 + age * 2 / 3 - (weekday >= 5 ? 240 : 0) + random.below(60)
  }

  /// A customer who has signed up and not left; each stays for one to thirty-one months.
  private mutating func buyer(on day: Day, among known: Int) -> Int64 {
    for _ in 0..<8 {
      let candidate = random.below(known)
      let stay = 30 + candidate * 7_919 % 900
      if signUps[candidate].distance(to: day) < stay { return Int64(candidate + 1) }
    }
    return Int64(known)
  }

  private mutating func seconds(count: Int) -> [Int] {
    (0..<count).map { _ in random.below(86_400) }.sorted()
  }

  private mutating func addItems(
    to items: inout ColumnBatchBuilder, invoice: Int64, at time: Int64
  ) throws -> Int {
    var total = 0
    for _ in 0..<(1 + random.below(2) + random.below(2)) {
      let product = random.below(catalog.count)
      let quantity = 1 + random.below(9)
      let price = catalog[product].cents
      let discount = random.below(4) == 0 ? price * quantity / 10 : 0
      let amount = price * quantity - discount
      total += amount
      items[0].append(int64: nextItem)
      items[1].append(int64: invoice)
      items[2].append(int64: Int64(product + 1))
      try items[3].append(bytes: random.one(of: ["monthly subscription", "yearly subscription"]).utf8)
      try items[4].append(bytes: random.one(of: ["gigabyte hours", "instance hours", "seats"]).utf8)
      items[5].append(int32: Int32(quantity))
      items[6].append(unscaled: Int128(price))
      if discount == 0 { items[7].appendNull() } else { items[7].append(unscaled: Int128(discount)) }
      items[8].append(unscaled: Int128(amount))
      try items[9].append(bytes: random.one(of: ["standard rate", "reduced rate"]).utf8)
      items[10].append(int64: time)
      nextItem += 1
    }
    return total
  }

  private mutating func addInvoice(
    to invoices: inout ColumnBatchBuilder, customer: Int64, currency: String, isVoid: Bool, cents: Int,
    at time: Int64
  ) throws {
    invoices[0].append(int64: nextInvoice)
    invoices[1].append(int64: customer)
    try invoices[2].append(bytes: (isVoid ? "void" : "issued").utf8)
    try invoices[3].append(bytes: currency.utf8)
    try invoices[4].append(bytes: random.one(of: ["self service", "account manager", "marketplace"]).utf8)
    let terms = random.one(of: ["net 30 days", "net 14 days", "due on receipt"])
    if random.below(10) == 0 { invoices[5].appendNull() } else { try invoices[5].append(bytes: terms.utf8) }
    try invoices[6].append(bytes: random.one(of: ["asia-northeast", "europe-west", "us-east"]).utf8)
    try invoices[7].append(bytes: legalEntity(for: currency).utf8)
    invoices[8].append(unscaled: Int128(cents))
    invoices[9].append(int64: time)
  }

  private mutating func payments(on day: Day) throws -> ColumnBatch {
    var payments = ColumnBatchBuilder(datasets.payments.schema, capacity: 1_200)
    let due = (duePayments.removeValue(forKey: day) ?? []).sorted {
      ($0.second, $0.invoice) < ($1.second, $1.invoice)
    }
    for payment in due {
      payments[0].append(int64: nextPayment)
      payments[1].append(int64: payment.invoice)
      payments[2].append(int64: payment.customer)
      try payments[3].append(bytes: random.one(of: ["credit card", "bank transfer", "direct debit"]).utf8)
      try payments[4].append(bytes: random.one(of: ["first processor", "second processor"]).utf8)
      try payments[5].append(bytes: payment.currency.utf8)
      try payments[6].append(bytes: (random.below(50) == 0 ? "settled after retry" : "settled").utf8)
      try payments[7].append(bytes: legalEntity(for: payment.currency).utf8)
      try payments[8].append(bytes: settlementBank(for: payment.currency).utf8)
      payments[9].append(unscaled: Int128(payment.cents))
      payments[10].append(int64: day.start.microsecondsSince1970 + Int64(payment.second) * 1_000_000)
      nextPayment += 1
    }
    return try payments.finish()
  }

  /// Who invoices, by currency.
  private func legalEntity(for currency: String) -> String {
    switch currency {
    case "JPY": "Example Billing Kabushiki Kaisha"
    case "EUR": "Example Billing Europe GmbH"
    default: "Example Billing Incorporated"
    }
  }

  /// Where payments arrive, by currency.
  private func settlementBank(for currency: String) -> String {
    switch currency {
    case "JPY": "First Example Bank of Chiyoda"
    case "EUR": "Example Landesbank am Main"
    default: "Example Savings and Trust"
    }
  }
}

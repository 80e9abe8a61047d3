internal import Synchronization
public import TokyoDataCore

/// What queries may cost: a query that would go beyond it is not sent.
///
/// A query sets its estimate aside before it is sent, so that queries at once cannot spend the same money, and is
/// charged with what it scanned once it has ended. One without an estimate sets aside all that a query may cost;
/// where that is not limited, the least that a query costs. What a query scans beyond its estimate is paid all the
/// same: only the workgroup's own cut-off stops a query that runs.
///
/// Days are those of UTC; a query is charged to the day on which it was sent.
public final class AthenaBudget: Sendable {
  /// US dollars that one query may cost; nil for any.
  public let dollarsPerQuery: Double?
  /// US dollars that the queries of a day may cost; nil for any.
  public let dollarsPerDay: Double?
  /// What a scan costs.
  public let price: AthenaPrice

  private let bytesPerQuery: Int?
  private let bytesPerDay: Int?
  private let account = Mutex(Account())

  /// The billed bytes of one day.
  private struct Account {
    var day: Day?
    var spent = 0
    var reserved = 0

    mutating func turn(to new: Day) {
      guard day.map({ $0 < new }) ?? true else { return }
      self = Account(day: new)
    }
  }

  /// Makes a budget that nothing has been spent of.
  ///
  /// - Throws: `TokyoDataError.invalidArgument` for limits that are no amounts of money.
  public init(
    dollarsPerQuery: Double? = nil, dollarsPerDay: Double? = nil, price: AthenaPrice = AthenaPrice()
  ) throws(TokyoDataError) {
    for limit in [dollarsPerQuery, dollarsPerDay] {
      guard limit.map({ $0 >= 0 && $0.isFinite }) ?? true else {
        throw TokyoDataError(.invalidArgument, "a budget is a number of dollars, zero or more")
      }
    }
    self.dollarsPerQuery = dollarsPerQuery
    self.dollarsPerDay = dollarsPerDay
    self.price = price
    bytesPerQuery = dollarsPerQuery.map(price.bytes(forDollars:))
    bytesPerDay = dollarsPerDay.map(price.bytes(forDollars:))
  }

  /// US dollars that the queries of a day were charged so far; zero for days before the last query's.
  public func dollarsSpent(on day: Day) -> Double {
    account.withLock { price.dollars(billedBytes: $0.day == day ? $0.spent : 0) }
  }

  /// Sets aside what a query is thought to scan.
  ///
  /// - Throws: `TokyoDataError.budgetExceeded` where the query or the day would cost more than it may.
  func reserve(estimate: Int?, on day: Day) throws(TokyoDataError) -> AthenaReservation {
    let bytes = estimate.map(price.billedBytes(scanned:)) ?? max(price.minimumBytes, bytesPerQuery ?? 0)
    if let bytesPerQuery, bytes > bytesPerQuery {
      throw refusal("the query", bytes, of: dollarsPerQuery)
    }
    let free = account.withLock { account -> Int? in
      account.turn(to: day)
      guard let bytesPerDay else {
        account.reserved += bytes
        return nil
      }
      let free = bytesPerDay - account.spent - account.reserved
      guard bytes <= free else { return free }
      account.reserved += bytes
      return nil
    }
    guard free == nil else { throw refusal("the day, with this query,", bytes, of: dollarsPerDay) }
    return AthenaReservation(bytes: bytes, day: day)
  }

  /// Gives back what was set aside, and charges what is to be paid.
  func settle(_ reservation: AthenaReservation, billedBytes: Int) {
    account.withLock { account in
      // The account of an earlier day is closed: nothing of it is in this one's sums.
      guard account.day == reservation.day else { return }
      account.reserved -= reservation.bytes
      let (sum, overflow) = account.spent.addingReportingOverflow(max(0, billedBytes))
      account.spent = overflow ? .max / 2 : min(sum, .max / 2)
    }
  }

  /// Charges what was not set aside before: the query was sent by somebody else.
  func charge(billedBytes: Int, on day: Day) {
    account.withLock { $0.turn(to: day) }
    settle(AthenaReservation(bytes: 0, day: day), billedBytes: billedBytes)
  }

  private func refusal(_ what: String, _ bytes: Int, of limit: Double?) -> TokyoDataError {
    TokyoDataError(
      .budgetExceeded,
      "\(what) would cost more than the $\(limit ?? 0) of the budget: \(bytes) bytes would be paid for, "
        + "$\(price.dollars(billedBytes: bytes))",
      context: .init(store: "athena", operation: "query"))
  }
}

/// Money set aside for one query.
struct AthenaReservation: Hashable, Sendable {
  /// Bytes as they would be paid for.
  var bytes: Int
  var day: Day
}

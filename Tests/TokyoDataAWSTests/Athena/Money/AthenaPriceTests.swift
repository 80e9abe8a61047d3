import Testing

@testable import TokyoDataAWS

@Suite("AthenaPrice")
struct AthenaPriceTests {
  @Test(
    "counts whole megabytes, and ten of them at least",
    arguments: [
      (0, 10_000_000), (1, 10_000_000), (10_000_000, 10_000_000), (10_000_001, 11_000_000),
      (1_000_000_000_000, 1_000_000_000_000), (-5, 10_000_000),
    ])
  func billed(_ scanned: Int, _ billed: Int) {
    #expect(AthenaPrice().billedBytes(scanned: scanned) == billed)
  }

  @Test("asks five dollars for a terabyte")
  func dollars() {
    #expect(AthenaPrice().dollars(billedBytes: 1_000_000_000_000) == 5)
    #expect(AthenaPrice().dollars(billedBytes: 10_000_000) == 0.00005)
    #expect(AthenaPrice(dollarsPerTerabyte: 6.5).dollars(billedBytes: 2_000_000_000_000) == 13)
  }

  @Test("does not overflow")
  func extremes() {
    #expect(AthenaPrice().billedBytes(scanned: .max) == .max)
    #expect(AthenaPrice().bytes(forDollars: 1e300) == .max)
    #expect(AthenaPrice(dollarsPerTerabyte: 0).bytes(forDollars: 1) == .max)
  }
}

@Suite("AthenaBill")
struct AthenaBillTests {
  func query(
    _ state: AthenaQueryState, type: String? = "DML", scanned: Int? = nil, reused: Bool = false
  ) -> AthenaQuery {
    var query = AthenaQuery(queryExecutionId: "q", statementType: type, status: .init(state: state))
    query.statistics = AthenaStatistics(
      dataScannedInBytes: scanned, resultReuseInformation: .init(reusedPreviousResult: reused))
    return query
  }

  @Test("charges what was scanned, the least of a query that scans nothing, and canceled ones")
  func charged() {
    var bill = AthenaBill()
    bill.add(query(.succeeded, scanned: 25_000_001), price: AthenaPrice())
    #expect(bill.billedBytes == 26_000_000)
    #expect(bill.scannedBytes == 25_000_001)
    bill.add(query(.succeeded, scanned: 0), price: AthenaPrice())
    #expect(bill.billedBytes == 36_000_000)
    bill.add(query(.canceled, scanned: 12_000_000), price: AthenaPrice())
    #expect(bill.billedBytes == 48_000_000)
  }

  @Test("charges nothing for definitions, failures, earlier results and queries that never ran")
  func free() {
    var bill = AthenaBill()
    bill.add(query(.succeeded, type: "DDL", scanned: 0), price: AthenaPrice())
    bill.add(query(.failed, scanned: 50_000_000), price: AthenaPrice())
    bill.add(query(.succeeded, scanned: 0, reused: true), price: AthenaPrice())
    bill.add(query(.canceled, scanned: 0), price: AthenaPrice())
    #expect(bill.billedBytes == 0)
    #expect(bill.isComplete)
    bill.add(nil, price: AthenaPrice())
    #expect(!bill.isComplete)
  }
}

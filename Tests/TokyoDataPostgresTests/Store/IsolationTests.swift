import Testing
import TokyoDataCore

@testable import TokyoDataPostgres

/// Bodies of transactions run where their caller does, and hand on what is not Sendable: that this compiles is
/// half of the test.
@Suite("A transaction in an actor")
struct IsolationTests {
  /// Not Sendable.
  final class Receipt {
    var numbers: [Int64] = []
  }

  actor Desk {
    private var issued = 0
    private let kept = Receipt()

    /// The body uses the actor's state as it is and returns what belongs to it.
    func number(from store: PostgresHotStore) async throws -> Int {
      let receipt = try await store.withTransaction(retries: .none) { transaction in
        preconditionIsolated()
        issued += 1
        kept.numbers.append(try await transaction.query("SELECT 7::int8").decode(Int64.self)[0])
        preconditionIsolated()
        try await transaction.withSavepoint { _ in issued += 1 }
        return kept
      }
      #expect(receipt === kept)
      return issued
    }

    func lent(from store: PostgresHotStore) async throws -> [Int64] {
      let receipt = try await store.withConnection { connection in
        kept.numbers.append(try await connection.query("SELECT 8::int8").decode(Int64.self)[0])
        return try await connection.withTransaction { _ in
          preconditionIsolated()
          return kept
        }
      }
      return receipt.numbers
    }

    func take(_ receipt: sending Receipt) -> Int { receipt.numbers.count }
  }

  @Test("uses its state in the body and returns what is not Sendable; outside of it such a result goes on")
  func actors() async throws {
    // Beside hundreds of other tests the first session may come later than a pool waits.
    var pool = PostgresPoolConfiguration(maximumConnections: 1)
    pool.leaseTimeout = nil
    let store = PostgresHotStore(try TestServer.configuration(), pool: pool)
    let desk = Desk()
    #expect(try await desk.number(from: store) == 2)
    #expect(try await desk.lent(from: store) == [7, 8])
    let receipt = try await store.withTransaction(retries: .none) { transaction in
      let receipt = Receipt()
      receipt.numbers = try await transaction.query("SELECT 9::int8").decode(Int64.self)
      return receipt
    }
    #expect(await desk.take(receipt) == 1)
    await store.close()
  }
}

import Synchronization
import TokyoDataCore

@testable import TokyoDataAWS

/// A Glue in memory that can be told to go wrong.
final class GlueStandIn: Sendable {
  struct State: Sendable {
    var hasDatabase = false
    var tables: [String: GlueTable] = [:]
    var partitions: [String: [[String]: GluePartition]] = [:]
    /// Versions of tables that were kept.
    var archived = 0
    /// What goes wrong, by operation: for as many calls as there are entries.
    var faults: [String: [Fault]] = [:]
  }

  enum Fault: Sendable {
    /// The call is refused.
    case refuse(String)
    /// The call does its work, but says that it was refused.
    case doAndRefuse(String)
    /// The first item fails, or is left out.
    case failFirst(String)
    /// Before the call somebody else does this.
    case first(@Sendable (inout State) -> Void)
  }

  let state = Mutex(State())

  func transport() -> ServiceStandIn {
    ServiceStandIn { call in try self.state.withLock { try Self.answer(call, &$0) } }
  }

  func fail(_ operation: String, _ faults: Fault...) {
    state.withLock { $0.faults[operation, default: []] += faults }
  }

  private static func answer(
    _ call: ServiceStandIn.Call, _ state: inout State
  ) throws -> ServiceStandIn.Answer {
    var failing: String?
    if let fault = state.faults[call.operation]?.first {
      state.faults[call.operation]?.removeFirst()
      switch fault {
      case .refuse(let code): return .error(code)
      case .doAndRefuse(let code):
        _ = try? work(call, &state, failing: nil)
        return .error(code)
      case .failFirst(let code): failing = code
      case .first(let change): change(&state)
      }
    }
    do { return try work(call, &state, failing: failing) } catch let refusal as Refusal {
      return .error(refusal.code)
    }
  }

  private struct Refusal: Error { var code: String }

  private struct Input: Decodable {
    struct Entry: Decodable { var partitionInput: GluePartition }
    var name, tableName, versionId, nextToken, expression: String?
    var skipArchive: Bool?
    var tableInput: GlueTable?
    var partitionsToGet, partitionsToDelete: [GluePartitionValues]?
    var partitionInputList: [GluePartition]?
    var entries: [Entry]?
  }

  private static func work(
    _ call: ServiceStandIn.Call, _ state: inout State, failing: String?
  ) throws -> ServiceStandIn.Answer {
    let dialect = JSONDialect(targetPrefix: "AWSGlue")
    let input = try dialect.decode(Input.self, from: call.body, of: .getTable)
    func encoded(_ value: some Encodable) throws -> ServiceStandIn.Answer {
      .init(String(decoding: try dialect.encode(value, for: .getTable), as: UTF8.self))
    }
    let name = input.tableName ?? input.tableInput?.name ?? input.name ?? ""
    func table() throws -> GlueTable {
      guard let table = state.tables[name] else { throw Refusal(code: "EntityNotFoundException") }
      return table
    }
    var errors: [ItemError] = []
    func each<Item>(_ items: [Item], _ values: (Item) -> [String], _ body: (Item) -> String?) {
      for (index, item) in items.enumerated() {
        if let code = index == 0 ? failing ?? body(item) : body(item) {
          errors.append(ItemError(partitionValues: values(item), errorDetail: .init(errorCode: code)))
        }
      }
    }
    switch call.operation {
    case "CreateDatabase":
      guard !state.hasDatabase else { throw Refusal(code: "AlreadyExistsException") }
      state.hasDatabase = true
    case "GetTable": return try encoded(["table": try table()])
    case "CreateTable":
      guard state.hasDatabase else { throw Refusal(code: "EntityNotFoundException") }
      guard state.tables[name] == nil else { throw Refusal(code: "AlreadyExistsException") }
      state.tables[name] = input.tableInput
      state.tables[name]?.versionId = "1"
    case "UpdateTable":
      let there = try table()
      guard input.versionId == there.versionId else {
        throw Refusal(code: "ConcurrentModificationException")
      }
      if input.skipArchive != true { state.archived += 1 }
      state.tables[name] = input.tableInput
      state.tables[name]?.versionId = String((Int(there.versionId ?? "") ?? 0) + 1)
    case "DeleteTable":
      _ = try table()
      state.tables[name] = nil
      state.partitions[name] = nil
    case "GetPartitions":
      _ = try table()
      let all = (state.partitions[name] ?? [:]).values.sorted {
        $0.values.lexicographicallyPrecedes($1.values)
      }
      .filter { part in input.expression.map { $0.contains("'\(part.values.last ?? "")'") } ?? true }
      // Two to a page.
      let start = input.nextToken.flatMap { Int($0) } ?? 0
      let end = min(start + 2, all.count)
      return try encoded(
        Page(partitions: Array(all[start..<end]), nextToken: end < all.count ? "\(end)" : nil))
    case "BatchGetPartition":
      _ = try table()
      let asked = input.partitionsToGet ?? []
      let skipped = failing == nil ? [] : Array(asked.prefix(1))
      return try encoded(
        Page(
          partitions: asked.dropFirst(skipped.count).compactMap { state.partitions[name]?[$0.values] },
          unprocessedKeys: skipped))
    case "BatchCreatePartition":
      _ = try table()
      each(input.partitionInputList ?? [], { $0.values }) { item in
        guard state.partitions[name]?[item.values] == nil else { return "AlreadyExistsException" }
        state.partitions[name, default: [:]][item.values] = item
        return nil
      }
    case "BatchUpdatePartition":
      each((input.entries ?? []).map(\.partitionInput), { $0.values }) { item in
        guard state.partitions[name]?[item.values] != nil else { return "EntityNotFoundException" }
        state.partitions[name]?[item.values] = item
        return nil
      }
    case "BatchDeletePartition":
      _ = try table()
      each((input.partitionsToDelete ?? []).map(\.values), { $0 }) { values in
        state.partitions[name]?.removeValue(forKey: values) == nil ? "EntityNotFoundException" : nil
      }
    default: throw Refusal(code: "UnknownOperationException")
    }
    return try encoded(["errors": errors])
  }

  private struct Page: Encodable {
    var partitions: [GluePartition]
    var unprocessedKeys: [GluePartitionValues]?
    var nextToken: String?
  }

  private struct ItemError: Encodable {
    struct Detail: Encodable { var errorCode: String }
    var partitionValues: [String]
    var errorDetail: Detail
  }
}

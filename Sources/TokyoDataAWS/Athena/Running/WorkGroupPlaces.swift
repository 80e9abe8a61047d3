internal import Synchronization
internal import TokyoDataCore

/// Where workgroups let results be put; each is asked for once.
final class WorkGroupPlaces: Sendable {
  private struct Rule: Sendable {
    /// Nil where there is none, or Athena keeps results itself.
    var place: S3Location?
    /// What a query asks for counts where the workgroup does not decide alone.
    var isOpen: Bool
  }

  private let athena: AthenaClient
  private let calls: PatientCalls
  private let known = Mutex<[String: Rule]>([:])

  init(athena: AthenaClient, calls: PatientCalls) {
    self.athena = athena
    self.calls = calls
  }

  /// The place of the results of a query that asks for one, or for none.
  ///
  /// - Returns: nil where the workgroup has none, or Athena keeps results itself.
  /// - Throws: what Athena refuses; who may not look at the workgroup gets what he asks for.
  func place(of name: String?, asked: S3Location?) async throws -> S3Location? {
    let name = name ?? "primary"
    let rule: Rule
    do { rule = try await self.rule(of: name) } catch let error as TokyoDataError
      where error.code == .permissionDenied && asked != nil
    {
      return asked
    }
    return rule.isOpen ? asked ?? rule.place : rule.place
  }

  private func rule(of name: String) async throws -> Rule {
    if let rule = known.withLock({ $0[name] }) { return rule }
    let group: AthenaWorkGroup
    do { group = try await calls.make { try await athena.workGroup(name) } } catch {
      throw TokyoDataError.of(error, .init(store: "athena"))
    }
    let isManaged = group.configuration?.managedQueryResultsConfiguration?.enabled ?? false
    let place = try group.configuration?.resultConfiguration?.outputLocation.map {
      (text) throws(TokyoDataError) in
      try S3Location(text)
    }
    let rule = Rule(
      place: isManaged ? nil : place,
      isOpen: !isManaged && group.configuration?.enforceWorkGroupConfiguration != true)
    known.withLock { $0[name] = rule }
    return rule
  }
}

internal import Synchronization
internal import TokyoDataCore

/// Where workgroups put results; each is asked for once.
final class WorkGroupPlaces: Sendable {
  private let athena: AthenaClient
  private let calls: PatientCalls
  private let known = Mutex<[String: S3Location?]>([:])

  init(athena: AthenaClient, calls: PatientCalls) {
    self.athena = athena
    self.calls = calls
  }

  /// The place of a workgroup's results; nil where it has none, or Athena keeps them itself.
  func place(of name: String?) async throws -> S3Location? {
    let name = name ?? "primary"
    if let place = known.withLock({ $0[name] }) { return place }
    let group: AthenaWorkGroup
    do { group = try await calls.make { try await athena.workGroup(name) } } catch {
      throw TokyoDataError.of(error, .init(store: "athena"))
    }
    let place = try group.configuration?.resultConfiguration?.outputLocation.map {
      (text) throws(TokyoDataError) in
      try S3Location(text)
    }
    known.withLock { $0[name] = .some(place) }
    return place
  }
}

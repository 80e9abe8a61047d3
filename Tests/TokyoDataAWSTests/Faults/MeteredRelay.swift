import Synchronization
import TokyoDataTesting

@testable import TokyoDataAWS

/// Stands between clients and the laboratory: lets so many bytes through, and then nothing moves until it is told.
///
/// So a call can be brought to any point of its way, and is there for certain.
final class MeteredRelay: Sendable {
  /// A point on the way of a call: so many bytes have gone one way.
  struct Mark: Sendable, CustomStringConvertible {
    var way: ScriptedServer.Peer.Way
    var bytes: Int

    var description: String { "\(way) \(bytes)" }
  }

  fileprivate struct State: Sendable {
    var mark: Mark?
    var passed: [ScriptedServer.Peer.Way: Int] = [:]
    var isHolding = false
    var dropsHeld = false
  }

  fileprivate final class Meter: Sendable {
    let state: Mutex<State>
    let reached = Gate()
    let held = ThreadGate()

    init(_ mark: Mark?) { state = Mutex(State(mark: mark)) }
  }

  private let server: ScriptedServer
  private let meter: Meter

  /// - Parameter mark: Where everything stops; nil to let everything through.
  init(stoppingAt mark: Mark?) throws {
    let port = try Laboratory.port()
    let meter = Meter(mark)
    self.meter = meter
    server = try ScriptedServer { peer in
      try meter.carry([], .up) { _ in }
      try peer.relay(to: port) { bytes, way, to in try meter.carry(bytes, way, to.send) }
    }
  }

  var url: String { "http://127.0.0.1:\(server.port)" }

  /// Opens when nothing moves any more.
  var reached: Gate { meter.reached }

  /// How many bytes went through.
  func passed(_ way: ScriptedServer.Peer.Way) -> Int { meter.state.withLock { $0.passed[way] ?? 0 } }

  /// Lets through whatever comes from now on, but not what is held.
  func letOthersPass() {
    meter.state.withLock {
      $0.mark = nil; $0.isHolding = false
    }
  }

  /// Lets through what is held, too.
  func letAllPass() {
    letOthersPass()
    meter.held.open()
  }

  /// Ends every connection; what is held never arrives.
  func stop() {
    meter.state.withLock { $0.dropsHeld = true }
    letAllPass()
    server.stop()
  }
}

extension MeteredRelay.Meter {
  /// Sends bytes on, as far as the mark allows; the rest when they are let through.
  fileprivate func carry(
    _ bytes: [UInt8], _ way: ScriptedServer.Peer.Way, _ send: ([UInt8]) throws -> Void
  ) throws {
    let (count, isHeld) = state.withLock { state -> (Int, Bool) in
      var count = state.isHolding ? 0 : bytes.count
      if let mark = state.mark, mark.way == way, !state.isHolding {
        count = min(count, mark.bytes - (state.passed[way] ?? 0))
        // Bytes that would go beyond it have come, or it lies before the first of them.
        state.isHolding = count < bytes.count || mark.bytes == 0
      }
      state.passed[way, default: 0] += count
      return (count, state.isHolding)
    }
    if count > 0 { try send(Array(bytes.prefix(count))) }
    guard isHeld else { return }
    reached.open()
    held.wait()
    guard !state.withLock({ $0.dropsHeld }) else { throw ServerFailure(text: "dropped") }
    if count < bytes.count { try send(Array(bytes.dropFirst(count))) }
  }
}

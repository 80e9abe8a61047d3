internal import CCurl
internal import Synchronization

/// What the transport's thread does: it runs one multi handle, and is the only one that touches libcurl.
///
/// Not Sendable: made, used and left on that thread.
final class CurlDriver {
  private let loop: CurlLoop
  private let multi: MultiHandle
  private var transfers: [ObjectIdentifier: CurlTransfer] = [:]
  /// Since bytes were last handed on.
  private var rounds = 0
  private var nextCheck: ContinuousClock.Instant?

  /// Runs until the transport is closed.
  static func run(_ loop: CurlLoop) {
    guard let driver = CurlDriver(loop) else {
      for order in loop.takeLastOrders() { order.refuse(HTTPError(.outOfResources)) }
      return
    }
    driver.run()
  }

  private init?(_ loop: CurlLoop) {
    guard let multi = MultiHandle(loop.configuration) else { return nil }
    self.multi = multi
    self.loop = loop
    loop.isPolled(by: self.multi.waker)
  }

  private func run() {
    while let orders = loop.takeOrders() {
      for order in orders { carryOut(order) }
      multi.perform()
      settleEnds()
      checkLimits()
      wait()
    }
    for order in loop.takeLastOrders() { order.refuse(HTTPError(.closed)) }
    for transfer in Array(transfers.values) { end(transfer, .failure(HTTPError(.closed))) }
  }

  private func carryOut(_ order: CurlLoop.Order) {
    switch order {
    case .begin(let exchange): begin(exchange)
    case .remove(let exchange):
      guard let transfer = transfers[ObjectIdentifier(exchange)] else { return }
      end(transfer, .failure(CancellationError()))
    case .receive(let exchange):
      guard let transfer = transfers[ObjectIdentifier(exchange)] else { return }
      transfer.isReceivingHeldUp = false
      applyPauses(of: transfer)
    case .send(let exchange):
      guard let transfer = transfers[ObjectIdentifier(exchange)] else { return }
      transfer.isSendingHeldUp = false
      applyPauses(of: transfer)
    }
  }

  private func applyPauses(of transfer: CurlTransfer) {
    do { try transfer.applyPauses() } catch { end(transfer, .failure(error)) }
  }

  private func begin(_ exchange: Exchange) {
    guard let transfer = CurlTransfer(exchange) else {
      return exchange.deliver(.failure(HTTPError(.invalidRequest)))
    }
    guard multi.add(transfer.easy) else {
      return exchange.deliver(.failure(HTTPError(.outOfResources)))
    }
    transfers[ObjectIdentifier(exchange)] = transfer
    loop.running.add(1, ordering: .relaxed)
    let check = transfer.nextCheck(at: .now)
    nextCheck = nextCheck.map { min($0, check) } ?? check
  }
}

// MARK: - A round

extension CurlDriver {
  /// Takes a transfer out, and tells its task how it ended.
  private func end(_ transfer: CurlTransfer, _ result: Result<Void, any Error>) {
    multi.remove(transfer.easy)
    transfers[ObjectIdentifier(transfer.exchange)] = nil
    loop.running.subtract(1, ordering: .relaxed)
    transfer.conclude(result)
  }

  private func settleEnds() {
    while let (pointer, code) = multi.nextEnd() {
      // Borrowed: it is in `transfers` as long as its handle is in the multi handle.
      let transfer = Unmanaged<CurlTransfer>.fromOpaque(pointer).takeUnretainedValue()
      if let failure = transfer.failure {
        end(transfer, .failure(failure))
      } else if code == CURLE_OK {
        end(transfer, .success(()))
      } else if transfer.mayBeginAgain(after: code), beginAgain(transfer) {
        continue
      } else {
        end(transfer, .failure(HTTPError(code, hasStarted: transfer.easy.hasStarted)))
      }
    }
  }

  /// Puts a second try in a transfer's place; false where there is no memory for it.
  private func beginAgain(_ first: CurlTransfer) -> Bool {
    guard let second = CurlTransfer(first.exchange, after: first), multi.add(second.easy) else {
      return false
    }
    multi.remove(first.easy)
    transfers[ObjectIdentifier(first.exchange)] = second
    return true
  }

  private func checkLimits() {
    guard let due = nextCheck else { return }
    let now = ContinuousClock.now
    guard due <= now else { return }
    nextCheck = nil
    var late: [(CurlTransfer, HTTPError)] = []
    for transfer in transfers.values {
      switch transfer.checkLimits(at: now) {
      case .success(let next): nextCheck = nextCheck.map { min($0, next) } ?? next
      case .failure(let error): late.append((transfer, error))
      }
    }
    for (transfer, error) in late { end(transfer, .failure(error)) }
  }

  /// Waits until there is something to do.
  ///
  /// Bytes that came in are handed on before the thread sleeps, but not while more of them are there to be
  /// read: few pieces cost less than many.
  private func wait() {
    if transfers.values.contains(where: \.hasUnsettled) {
      rounds += 1
      if rounds < Self.mostRounds, multi.poll(0) { return }
      for transfer in transfers.values where transfer.hasUnsettled { transfer.handOn() }
    }
    rounds = 0
    guard loop.fallAsleep() else { return }
    _ = multi.poll(timeout)
  }

  /// After so many rounds bytes are handed on even though others keep the thread busy.
  private static let mostRounds = 16

  private var timeout: Int32 {
    guard let nextCheck else { return 600_000 }
    let left = nextCheck - .now
    return left <= .zero ? 0 : Int32(min(left.wholeMilliseconds, 600_000))
  }
}

extension CurlLoop.Order {
  /// Answers an order that no thread carries out any more.
  fileprivate func refuse(_ error: HTTPError) {
    if case .begin(let exchange) = self { exchange.deliver(.failure(error)) }
  }
}

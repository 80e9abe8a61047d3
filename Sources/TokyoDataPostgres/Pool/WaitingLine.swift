/// Names one lease, from its beginning until it has a connection that works.
struct PoolRequest: Hashable, Sendable {
  /// Counts up, so it is also the place in line.
  let number: UInt64
  /// When it gives up; nil for never.
  let deadline: PoolMoment?
}

/// The requests that wait, in the order of their numbers.
///
/// All have the same timeout, so their deadlines are in order too. Leaving from the middle takes no longer
/// than finding the place by halving.
struct WaitingLine: Sendable {
  private struct Place: Sendable {
    var request: PoolRequest
    var isTaken = true
  }

  /// Places before `start` are served; the one at `start` is taken, unless the line is empty.
  private var places: [Place] = []
  private var start = 0
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }
  var first: PoolRequest? { isEmpty ? nil : places[start].request }
  var requests: [PoolRequest] { places[start...].filter(\.isTaken).map(\.request) }

  /// Puts a request in its place: at the end, or nearer to the front where it has waited before.
  mutating func insert(_ request: PoolRequest) {
    count += 1
    if let last = places.last, start < places.count, last.request.number >= request.number {
      let index = index(of: request.number)
      if places[index].request == request {
        places[index].isTaken = true
      } else {
        places.insert(Place(request: request), at: index)
      }
    } else {
      places.append(Place(request: request))
    }
    skip()
  }

  mutating func popFirst() -> PoolRequest? {
    guard let first else { return nil }
    places[start].isTaken = false
    count -= 1
    skip()
    return first
  }

  /// A request leaves; false where it does not wait.
  mutating func remove(_ request: PoolRequest) -> Bool {
    guard start < places.count, let last = places.last, request.number <= last.request.number else {
      return false
    }
    let index = index(of: request.number)
    guard places[index].request == request, places[index].isTaken else { return false }
    places[index].isTaken = false
    count -= 1
    skip()
    return true
  }

  mutating func removeAll() -> [PoolRequest] {
    defer { self = WaitingLine() }
    return requests
  }

  /// The first place from `start` on whose number is not smaller; there must be one.
  private func index(of number: UInt64) -> Int {
    var (low, high) = (start, places.count - 1)
    while low < high {
      let middle = low + (high - low) / 2
      if places[middle].request.number < number { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Moves the start behind those that left, and forgets them when they are the larger part.
  private mutating func skip() {
    while start < places.count, !places[start].isTaken { start += 1 }
    if start == places.count {
      places.removeAll(keepingCapacity: true)
      start = 0
    } else if start > 64, start * 2 > places.count {
      places.removeFirst(start)
      start = 0
    }
  }
}

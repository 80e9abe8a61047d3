/// Entries by key within a bound of bytes: what is forgotten first, and nothing of time but each entry's end.
///
/// Two lists in the order of use. A new entry goes on probation; one that is found there moves among the
/// protected, which have four fifths of the room, and what these then have too much goes back on probation.
/// Plain LRU would let one pass over many days push out everything that is asked for all the time; here it
/// only pushes out what nobody has asked for twice. Every operation takes the same few steps, however many
/// entries there are.
struct SegmentedLRU: Sendable {
  /// What an entry takes besides the bytes of its key and value: its two nodes, its place in the dictionary and
  /// the headers of two arrays, rounded up.
  static let overhead = 192

  private struct Entry: Sendable {
    var key = CacheKey([])
    var value: [UInt8] = []
  }

  private let capacity: Int
  private let protectedCapacity: Int
  private var order = UseOrder()
  // By place in the order; apart from it, because what has references costs time to touch.
  private var entries: [Entry] = [Entry(), Entry()]
  private var free: [Int] = []
  private var places: [CacheKey: Int] = [:]

  init(capacity: Int) {
    self.capacity = capacity
    protectedCapacity = capacity / 5 * 4
  }

  /// How many entries there are.
  var count: Int { places.count }

  /// The bytes of all entries.
  var byteCount: Int { order.byteCounts.probation + order.byteCounts.protected }

  /// The value and the end of an entry that is used by this; one whose end has come is removed.
  mutating func use(_ key: CacheKey, now: () -> Int64) -> (value: [UInt8], end: Int64)? {
    guard let place = places[key] else { return nil }
    let end = order.end(of: place)
    // Most entries of some caches have no end; for them no clock is read.
    if end != .max, end <= now() {
      remove(place)
      return nil
    }
    if order.promote(place) { shrinkProtected() }
    return (entries[place].value, end)
  }

  /// Sets an entry, and forgets others until all fit; one that alone is too large is not kept.
  mutating func set(_ key: CacheKey, _ value: [UInt8], end: Int64) {
    let byteCount = Self.overhead + key.bytes.count + value.count
    let known = places[key]
    guard byteCount <= capacity else {
      if let known { remove(known) }
      return
    }
    let place = known ?? newPlace()
    if known != nil {
      order.renew(place, end: end, byteCount: byteCount)
    } else {
      places[key] = place
      order.begin(place, end: end, byteCount: byteCount)
    }
    entries[place] = Entry(key: key, value: value)
    shrinkProtected()
    while self.byteCount > capacity { remove(order.oldest) }
  }

  /// Removes an entry, if it is there.
  mutating func remove(_ key: CacheKey) {
    if let place = places[key] { remove(place) }
  }

  private mutating func newPlace() -> Int {
    if let reused = free.popLast() { return reused }
    entries.append(Entry())
    return entries.count - 1
  }

  private mutating func shrinkProtected() {
    while order.byteCounts.protected > protectedCapacity { order.demoteOldest() }
  }

  private mutating func remove(_ place: Int) {
    order.remove(place)
    places[entries[place].key] = nil
    entries[place] = Entry()
    free.append(place)
  }
}

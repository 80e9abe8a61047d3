/// The two lists of a segmented LRU, each in the order of use: places, not what lies there.
///
/// Its nodes are numbers alone, so that moving one touches no reference count.
struct UseOrder: Sendable {
  private struct Node: Sendable {
    var list: Int
    var previous: Int
    var next: Int
    var byteCount = 0
    var end = Int64.max

    /// The head of a list, which is a ring, so that no link is ever absent.
    static func head(_ list: Int) -> Node { Node(list: list, previous: list, next: list) }
  }

  // The first two nodes are the heads of the lists.
  private static let (probation, protected) = (0, 1)

  private var nodes = [Node.head(probation), Node.head(protected)]
  /// The bytes of what is in each list.
  private(set) var byteCounts = (probation: 0, protected: 0)

  /// What is forgotten first.
  var oldest: Int {
    let oldest = nodes[Self.probation].previous
    return oldest == Self.probation ? nodes[Self.protected].previous : oldest
  }

  func end(of place: Int) -> Int64 { nodes[place].end }

  /// Puts a new entry on probation, at a place that is free or the one after the last.
  mutating func begin(_ place: Int, end: Int64, byteCount: Int) {
    let node = Node(list: Self.probation, previous: place, next: place, byteCount: byteCount, end: end)
    if place < nodes.count { nodes[place] = node } else { nodes.append(node) }
    count(byteCount, in: Self.probation)
    insert(place, in: Self.probation)
  }

  /// Makes an entry the latest of its list, with another size and end.
  mutating func renew(_ place: Int, end: Int64, byteCount: Int) {
    let list = nodes[place].list
    count(byteCount - nodes[place].byteCount, in: list)
    nodes[place].byteCount = byteCount
    nodes[place].end = end
    detach(place)
    insert(place, in: list)
  }

  /// Makes an entry the latest of the protected.
  ///
  /// - Returns: whether it was on probation.
  mutating func promote(_ place: Int) -> Bool {
    guard nodes[Self.protected].next != place else { return false }
    let isNew = nodes[place].list == Self.probation
    if isNew {
      move(place, to: Self.protected)
    } else {
      detach(place)
      insert(place, in: Self.protected)
    }
    return isNew
  }

  /// Puts the protected entry that was not used for the longest back on probation.
  mutating func demoteOldest() {
    move(nodes[Self.protected].previous, to: Self.probation)
  }

  mutating func remove(_ place: Int) {
    count(-nodes[place].byteCount, in: nodes[place].list)
    detach(place)
  }

  private mutating func move(_ place: Int, to list: Int) {
    count(-nodes[place].byteCount, in: nodes[place].list)
    count(nodes[place].byteCount, in: list)
    detach(place)
    insert(place, in: list)
  }

  private mutating func count(_ bytes: Int, in list: Int) {
    if list == Self.protected { byteCounts.protected += bytes } else { byteCounts.probation += bytes }
  }

  private mutating func insert(_ place: Int, in list: Int) {
    let first = nodes[list].next
    nodes[place].list = list
    nodes[place].previous = list
    nodes[place].next = first
    nodes[first].previous = place
    nodes[list].next = place
  }

  private mutating func detach(_ place: Int) {
    let (previous, next) = (nodes[place].previous, nodes[place].next)
    nodes[previous].next = next
    nodes[next].previous = previous
  }
}

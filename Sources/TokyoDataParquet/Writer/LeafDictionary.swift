/// The distinct values of a leaf, and for every value the position of its key.
struct LeafDictionary<Keys: LeafValues & ~Copyable>: ~Copyable {
  let keys: Keys
  let ids: [UInt32]
  /// The keys from the least to the greatest, and for each key its place among them; for byte arrays.
  private let order: (keys: [UInt32], ranks: [UInt32])?

  init(keys: consuming Keys, ids: [UInt32]) {
    order = keys.ascending().map { ascending in
      var ranks = [UInt32](repeating: 0, count: ascending.count)
      for (rank, key) in ascending.enumerated() { ranks[Int(key)] = UInt32(truncatingIfNeeded: rank) }
      return (ascending, ranks)
    }
    self.keys = keys
    self.ids = ids
  }
}

extension LeafDictionary where Keys: ~Copyable {
  /// The bits of an index into all keys, which a page's indices do not exceed.
  var indexWidth: Int { Self.indexWidth(greatest: keys.count - 1) }

  /// Appends the indices of some values, their width first: keys are numbered as they first occur, so
  /// that the indices of early pages have fewer bits.
  func encodeIndices(_ range: Range<Int>, into body: inout ByteBuffer) {
    ids.withUnsafeBufferPointer {
      let page = UnsafeBufferPointer(rebasing: $0[range])
      var greatest: UInt32 = 0
      for id in page { greatest = max(greatest, id) }
      let width = Self.indexWidth(greatest: Int(greatest))
      body.append(UInt8(truncatingIfNeeded: width))
      encodeHybrid(page, width: width, into: &body)
    }
  }

  /// Some readers refuse indices of no bits, which one key would need only.
  private static func indexWidth(greatest: Int) -> Int { max(1, bitWidth(of: greatest)) }

  /// The least and greatest of some values, by the ranks of their keys; nil for keys that have none.
  func bounds(_ range: Range<Int>) -> ValueBounds? {
    guard let order, !range.isEmpty else { return nil }
    var (least, greatest) = (UInt32.max, UInt32.min)
    ids.withUnsafeBufferPointer { ids in
      order.ranks.withUnsafeBufferPointer { ranks in
        for index in range {
          let rank = ranks[Int(ids[index])]
          least = min(least, rank)
          greatest = max(greatest, rank)
        }
      }
    }
    let (low, high) = (Int(order.keys[Int(least)]), Int(order.keys[Int(greatest)]))
    guard let minimum = keys.bounds(low..<low + 1), let maximum = keys.bounds(high..<high + 1) else {
      return nil
    }
    return ValueBounds(minimum: minimum.minimum, maximum: maximum.maximum)
  }
}

/// The levels of a leaf's entries: one of each for every value, null and empty list.
struct EntryLevels: Sendable {
  fileprivate(set) var definition: [UInt8] = []
  fileprivate(set) var repetition: [UInt8] = []

  init(definition: [UInt8] = [], repetition: [UInt8] = []) {
    self.definition = definition
    self.repetition = repetition
  }

  var count: Int { definition.count }
}

/// Some levels of a page, decoded ahead: where a row ends shows only at the entry behind it.
struct LevelWindow {
  private static var size: Int { 4096 }

  private var definition: [UInt8] = []
  private var repetition: [UInt8] = []
  private var position = 0
  private var end = 0

  var isEmpty: Bool { position == end }

  /// The next entry begins a row.
  var beginsRow: Bool { !isEmpty && repetition[position] == 0 }

  /// Decodes the next levels of a page that has some.
  mutating func fill(from page: inout DataPage) throws(ParquetError) {
    if definition.isEmpty {
      definition = [UInt8](repeating: 0, count: Self.size)
      repetition = definition
    }
    let count = min(Self.size, page.left)
    (position, end) = (0, 0)
    var failure: ParquetError?
    definition.withUnsafeMutableBufferPointer { definition in
      repetition.withUnsafeMutableBufferPointer { repetition in
        guard let first = definition.baseAddress, let second = repetition.baseAddress else { return }
        do throws(ParquetError) {
          try page.readLevels(count, definitions: first, repetitions: second)
        } catch { failure = error }
      }
    }
    if let failure { throw failure }
    end = count
  }

  /// How many entries come before the one that begins the row `target`, and whether that one was found.
  ///
  /// `row` counts the rows that begin on the way.
  func entries(before target: Int, row: inout Int) -> (count: Int, isEnd: Bool) {
    let (start, end) = (position, end)
    var next = row
    let found: Int? = repetition.withUnsafeBufferPointer { repetition in
      // Most windows lie within the rows asked for.
      var begun = 0
      for index in start..<end { begun &+= repetition[index] == 0 ? 1 : 0 }
      if begun <= target - next {
        next &+= begun
        return nil
      }
      for index in start..<end where repetition[index] == 0 {
        if next >= target { return index }
        next &+= 1
      }
      return nil
    }
    row = next
    return ((found ?? end) - start, found != nil)
  }

  /// Adds to the validity the slots among the next entries, and counts them and the values.
  func readValidity(
    _ number: Int, slotDefinition: UInt8, maximum: UInt8, into validity: inout Bitmap
  ) -> (slots: Int, valid: Int) {
    let range = position..<position + number
    let (before, valid) = (validity.count, validity.setCount)
    definition.withUnsafeBufferPointer { definition in
      var index = range.lowerBound
      while index < range.upperBound {
        let stop = min(index + 64, range.upperBound)
        var (word, length): (UInt64, UInt64) = (0, 0)
        while index < stop {
          let level = definition[index]
          word |= (level == maximum ? 1 : 0) &<< length
          length &+= level >= slotDefinition ? 1 : 0
          index &+= 1
        }
        if length > 0 { validity.append(word, length: Int(length)) }
      }
    }
    return (validity.count - before, validity.setCount - valid)
  }

  /// Moves the next entries to others, or passes over them.
  mutating func take(_ number: Int, into levels: inout EntryLevels) {
    levels.definition.append(contentsOf: definition[position..<position + number])
    levels.repetition.append(contentsOf: repetition[position..<position + number])
    position += number
  }

  mutating func take(_ number: Int) { position += number }
}

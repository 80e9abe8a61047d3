internal import Synchronization
internal import TokyoDataColumns

/// Reads one column of a row group, which may be nested, some rows at a time.
///
/// The lock is never waited for: it lets one task at a time go on with the column, whichever that is.
final class ColumnReader: Sendable {
  let shape: ColumnShape
  private let rowGroup: Int
  private let state: Mutex<State>

  private struct State {
    var leaves: [LeafReader]
  }

  /// Begins with the chunks of the column's leaves, of which `parts` were fetched.
  init(
    _ shape: ColumnShape, _ chunks: [ParquetColumnChunk], _ parts: [[ChunkPages.Part]], rowGroup: Int,
    rowCount: Int, options: ParquetReaderOptions
  ) throws(ParquetError) {
    self.shape = shape
    self.rowGroup = rowGroup
    var leaves: [LeafReader] = []
    for (index, place) in shape.places.enumerated() {
      do throws(ParquetError) {
        let reader = try LeafReader(
          place, parts[index], of: chunks[index], rowCount: rowCount, options: options)
        leaves.append(reader)
      } catch { throw error.at(column: place.leaf.name, rowGroup: rowGroup) }
    }
    state = Mutex(State(leaves: leaves))
  }

  /// Reads rows of ascending ranges, none of which lies before what was read.
  func read(_ ranges: [Range<Int>]) throws(ParquetError) -> ColumnVector {
    let (shape, rowGroup) = (shape, rowGroup)
    return try state.withLock { (state) throws(ParquetError) -> ColumnVector in
      var portions: [LeafReader.Portion] = []
      for leaf in state.leaves {
        do throws(ParquetError) {
          portions.append(try leaf.read(ranges))
          try leaf.requireEnd()
        } catch { throw error.at(column: leaf.place.leaf.name, rowGroup: rowGroup) }
      }
      if case .leaf = shape.kind { return portions[0].column }
      do throws(ParquetError) { return try NestedAssembly(portions).column(shape) } catch {
        throw error.at(column: shape.field.name, rowGroup: rowGroup)
      }
    }
  }
}

extension ColumnShape {
  /// The leaves, with what reading them needs to know of their places.
  var places: [LeafReader.Place] { places(below: 0) }

  private func places(below definition: Int) -> [LeafReader.Place] {
    switch kind {
    case .leaf(let leaf, let conversion):
      [
        LeafReader.Place(
          leaf: leaf, type: field.type, conversion: conversion, slotDefinition: definition)
      ]
    case .structure(let fields): fields.flatMap { $0.places(below: definition) }
    case .list(let repetition, let element): element.places(below: repetition.definition)
    case .map(let repetition, let key, let value):
      key.places(below: repetition.definition) + value.places(below: repetition.definition)
    }
  }
}

internal import TokyoDataColumns

extension ParquetFileMetadata {
  /// Holds the chunks against the schema, and says what of their statistics can be trusted.
  func resolved(against tree: SchemaTree) throws(ParquetError) -> ParquetFileMetadata {
    var metadata = self
    var types: [ColumnType?] = []
    for leaf in tree.leaves { types.append(try ValueConversion.reading(leaf.element).type) }
    for group in metadata.rowGroups.indices {
      guard metadata.rowGroups[group].columns.count == tree.leaves.count else {
        throw ParquetError(.corrupted, "another number of columns than the schema has", rowGroup: group)
      }
      for leaf in tree.leaves {
        let chunk = metadata.rowGroups[group].columns[leaf.index]
        guard chunk.physicalType == leaf.element.physicalType, chunk.path == leaf.path else {
          throw ParquetError(
            .corrupted, "a chunk of another name or type than the schema has", column: leaf.name,
            rowGroup: group)
        }
        guard let encoded = chunk.encodedStatistics else { continue }
        metadata.rowGroups[group].columns[leaf.index].statistics = ParquetStatistics(
          encoded, valueCount: chunk.valueCount, element: leaf.element, type: types[leaf.index],
          order: metadata.columnOrder(ofLeaf: leaf.index))
      }
    }
    return metadata
  }
}

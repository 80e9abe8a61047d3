internal import TokyoDataCore

/// The column that holds a time column's microseconds once more, as Athena cannot read them from the first.
struct MicrosecondTwin {
  /// Its name in the files.
  let name: String
  /// The position of the time column in the dataset.
  let timeIndex: Int

  /// Nil for datasets that need none.
  init?(_ dataset: Dataset) {
    guard let name = dataset.microsecondTwin, let time = dataset.timeColumn,
      let index = dataset.schema.index(of: time)
    else { return nil }
    self.name = name
    timeIndex = index
  }

  var field: ColumnField { ColumnField(name, .int64, isNullable: false) }

  /// The twin of a time column; both share the memory of their values.
  static func column(of time: ColumnVector) -> ColumnVector {
    ColumnVector(type: .int64, storage: time.storage, validity: time.validity)
  }
}

extension Dataset {
  /// The columns of this dataset's files: its own, then the twin.
  var fileSchema: ColumnSchema {
    get throws(TokyoDataError) {
      let twin = MicrosecondTwin(self).map { [$0.field] } ?? []
      do throws(ColumnError) { return try ColumnSchema(schema.fields + twin) } catch {
        throw TokyoDataError(error, context: .init(dataset: name))
      }
    }
  }

  /// Whether every row of a time column lies in a day.
  func allLie(in day: Day, _ time: ColumnVector) -> Bool {
    let range = day.start.microsecondsSince1970..<day.next.start.microsecondsSince1970
    switch time.storage {
    case .int64(let values): return values.allSatisfy(range.contains)
    case .int32(let values): return values.allSatisfy { $0 == day.daysSince1970 }
    default: return false
    }
  }
}

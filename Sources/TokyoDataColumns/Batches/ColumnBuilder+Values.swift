extension ColumnBuilder {
  /// Adds a value of any kind that the column's type can hold exactly.
  ///
  /// Integers go into wider or narrower integer columns and into decimals, decimals into decimals of at
  /// least their places, integers and `float` into floating-point columns where exact.
  ///
  /// - Throws: `ColumnError.typeMismatch`, `.valueOutOfRange`, or `.invalidBatch` for a null where elements
  ///   are never null; the builder is then unchanged, but one of a nested type must be thrown away.
  public mutating func append(_ value: ColumnValue) throws(ColumnError) {
    switch (type, value) {
    case (_, .null): appendNull()
    case (.bool, .bool(let value)): append(bool: value)
    case (.int8, .int(let value)): append(int8: try narrowed(value))
    case (.int16, .int(let value)): append(int16: try narrowed(value))
    case (.int32, .int(let value)): append(int32: try narrowed(value))
    case (.int64, .int(let value)): append(int64: value)
    case (.float, .float(let value)): append(float: value)
    case (.double, .double(let value)): append(double: value)
    case (.double, .float(let value)): append(double: Double(value))
    case (.float, .int(let value)): append(float: try exact(Float(exactly: value)))
    case (.double, .int(let value)): append(double: try exact(Double(exactly: value)))
    case (.decimal(let precision, let scale), .decimal(let value)):
      append(unscaled: try unscaled(value, precision: precision, scale: scale))
    case (.decimal(let precision, let scale), .int(let value)):
      append(unscaled: try unscaled(Decimal128(value), precision: precision, scale: scale))
    case (.string, .string(let value)): try append(bytes: value.utf8)
    case (.bytes, .bytes(let value)): try append(bytes: value)
    case (.date, .date(let value)): append(int32: value.daysSince1970)
    case (.time, .time(let value)): append(int64: value.microsecondsSinceMidnight)
    case (.timestamp, .timestamp(let value)): append(int64: value.microsecondsSince1970)
    case (.localTimestamp, .localTimestamp(let value)): append(int64: value.microsecondsSince1970)
    case (.list(let element), .list(let values)):
      for value in values where value.isNull { try requireNullable(element) }
      try appendList { (builder) throws(ColumnError) in
        for value in values { try builder.append(value) }
      }
    case (.structure(let fields), .structure(let values)):
      guard fields.count == values.count else {
        throw ColumnError(.typeMismatch, "\(values.count) values for a structure of \(fields.count)")
      }
      for (field, value) in zip(fields, values) where value.isNull {
        try requireNullable(ColumnElement(field.type, isNullable: field.isNullable))
      }
      try appendStructure { (field, builder) throws(ColumnError) in try builder.append(values[field]) }
    case (.map(let key, let element), .map(let entries)):
      for entry in entries {
        if entry.key.isNull { try requireNullable(ColumnElement(key, isNullable: false)) }
        if entry.value.isNull { try requireNullable(element) }
      }
      try appendMap { (keys, values) throws(ColumnError) in
        for entry in entries {
          try keys.append(entry.key)
          try values.append(entry.value)
        }
      }
    default:
      throw ColumnError(.typeMismatch, "a \(value.kind) does not go into a column of type \(type)")
    }
  }

  /// Adds the slot of a column of the same type.
  ///
  /// - Throws: `ColumnError.typeMismatch` for a column of another type.
  public mutating func append(slot index: Int, of column: ColumnVector) throws(ColumnError) {
    guard column.type == type else {
      throw ColumnError(.typeMismatch, "a column of type \(column.type) is not one of type \(type)")
    }
    guard column.validity[index] else { return appendNull() }
    switch column.storage {
    case .bool(let values): append(bool: values[index])
    case .int8(let values): append(int8: values[index])
    case .int16(let values): append(int16: values[index])
    case .int32(let values): append(int32: values[index])
    case .int64(let values): append(int64: values[index])
    case .float(let values): append(float: values[index])
    case .double(let values): append(double: values[index])
    case .decimal(let values): append(unscaled: values[index])
    case .byteStrings(let strings): try append(bytes: strings[index])
    case .list(let offsets, let elements):
      try appendList { (builder) throws(ColumnError) in
        for slot in offsets[index]..<offsets[index + 1] { try builder.append(slot: Int(slot), of: elements) }
      }
    case .structure(let fields):
      try appendStructure { (field, builder) throws(ColumnError) in
        try builder.append(slot: index, of: fields[field])
      }
    case .map(let offsets, let keys, let values):
      try appendMap { (keyBuilder, valueBuilder) throws(ColumnError) in
        for slot in offsets[index]..<offsets[index + 1] {
          try keyBuilder.append(slot: Int(slot), of: keys)
          try valueBuilder.append(slot: Int(slot), of: values)
        }
      }
    }
  }

  private func requireNullable(_ element: ColumnElement) throws(ColumnError) {
    guard !element.isNullable else { return }
    throw ColumnError(.invalidBatch, "a null within a column of type \(type), which has none there")
  }

  private func narrowed<Integer: FixedWidthInteger>(_ value: Int64) throws(ColumnError) -> Integer {
    guard let narrow = Integer(exactly: value) else { throw outOfRange }
    return narrow
  }

  private func exact<Number>(_ value: Number?) throws(ColumnError) -> Number {
    guard let value else { throw outOfRange }
    return value
  }

  private func unscaled(_ value: Decimal128, precision: Int, scale: Int) throws(ColumnError) -> Int128 {
    let digits = try value.rescaled(to: scale).unscaled
    guard Decimal128.fits(digits, precision: precision) else { throw outOfRange }
    return digits
  }

  private var outOfRange: ColumnError {
    ColumnError(.valueOutOfRange, "a value does not fit a column of type \(type)")
  }
}

extension ColumnValue {
  /// The kind of the value in words, for messages that must not show it.
  package var kind: String {
    switch self {
    case .null: "null"
    case .bool: "bool"
    case .int: "integer"
    case .float: "float"
    case .double: "double"
    case .decimal: "decimal"
    case .string: "text"
    case .bytes: "byte string"
    case .date: "date"
    case .time: "time of day"
    case .timestamp: "timestamp"
    case .localTimestamp: "local timestamp"
    case .list: "list"
    case .structure: "structure"
    case .map: "map"
    }
  }
}

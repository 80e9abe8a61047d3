/// The order in which a file's writer compared the values of a column to find their bounds.
@nonexhaustive
public enum ParquetColumnOrder: Hashable, Sendable {
  /// The order that the column's type defines, in which NaN and zeros of both signs have no place of their own.
  case typeDefined
  /// The total order of IEEE 754 for floating-point numbers, in which −0.0 is below 0.0.
  case ieee754TotalOrder
  /// An order of a later version of the format, by its number there; bounds in it say nothing.
  case unknown(Int)
}

extension ParquetColumnOrder {
  init(_ reader: inout CompactReader) throws(ParquetError) {
    var member = 0
    try reader.structure { (reader, field) throws(ParquetError) in
      member = field.id
      try reader.skip(field)
    }
    self =
      switch member {
      case 1: .typeDefined
      case 2: .ieee754TotalOrder
      default: .unknown(member)
      }
  }

  func write(to writer: inout CompactWriter) {
    let member =
      switch self {
      case .typeDefined: 1
      case .ieee754TotalOrder: 2
      case .unknown(let member): member
      }
    writer.structure { $0.emptyStructure(member) }
  }

  /// The order is one in which bounds of such values can be read.
  func isKnown(for conversion: ValueConversion) -> Bool {
    switch self {
    case .typeDefined: true
    case .ieee754TotalOrder: conversion.isFloatingPoint
    case .unknown: false
    }
  }
}

internal import TokyoDataColumns

/// The decoder of a leaf, as its conversion demands.
///
/// - Parameter limit: The most bytes that a portion's values may take.
func leafDecoder(
  _ type: ColumnType, _ conversion: ValueConversion, _ physicalType: ParquetPhysicalType,
  _ options: ParquetReaderOptions, limit: Int
) -> any LeafDecoder {
  let isExact = options.nanoseconds == .exact
  func fixed<Plain: PlainValue>(_ plain: Plain) -> any LeafDecoder {
    FixedWidthLeafDecoder(FixedWidthKernels(plain), type, physicalType)
  }
  switch conversion {
  case .bool: return BooleanLeafDecoder()
  case .int8: return fixed(Int8FromInt32())
  case .int16: return fixed(Int16FromInt32())
  case .int32: return fixed(PlainInt32())
  case .int64: return fixed(PlainInt64())
  case .int64FromUnsigned: return fixed(Int64FromUInt32())
  case .decimalFromUnsigned: return fixed(DecimalFromUInt64())
  case .microsecondsFromMilliseconds32: return fixed(MicrosecondsFromMilliseconds<Int32>())
  case .microsecondsFromMilliseconds: return fixed(MicrosecondsFromMilliseconds<Int64>())
  case .microsecondsFromNanoseconds: return fixed(MicrosecondsFromNanoseconds(isExact: isExact))
  case .microsecondsFromInt96: return fixed(MicrosecondsFromInt96(isExact: isExact))
  case .float: return fixed(PlainFloat())
  case .double: return fixed(PlainDouble())
  case .floatFromBinary16: return fixed(FloatFromBinary16())
  case .decimalFromInt32(let precision): return fixed(DecimalFromInteger<Int32>(precision: precision))
  case .decimalFromInt64(let precision): return fixed(DecimalFromInteger<Int64>(precision: precision))
  case .decimalFromFixedBytes(let length, let precision):
    return fixed(DecimalFromBytes(width: length, precision: precision))
  case .byteArrays: return ByteArrayLeafDecoder(type, limit: limit)
  case .fixedBytes(let length): return ByteArrayLeafDecoder(type, fixedLength: length, limit: limit)
  case .decimalFromByteArrays(let precision):
    let strings = ByteArrayLeafDecoder(.bytes, limit: limit)
    return ConvertedLeafDecoder(strings, .decimals(precision: precision), type)
  case .textFromUUID:
    let strings = ByteArrayLeafDecoder(.bytes, fixedLength: 16, limit: limit)
    return ConvertedLeafDecoder(strings, .uuids, type)
  }
}

internal import TokyoDataColumns

/// Decodes a leaf of byte strings, of their own lengths or of one.
struct ByteArrayLeafDecoder: LeafDecoder {
  private enum Form {
    case unopened
    case plain(position: Int, end: Int)
    case indices(HybridDecoder)
    case lengths(DeltaLengthDecoder)
    case prefixes(DeltaByteArrayDecoder)
    case stream(PlainStream)
  }

  private let type: ColumnType
  private let fixedLength: Int?
  private var keys: ByteArrayKeys?
  private var form = Form.unopened
  private var slots: ByteArraySlots

  init(_ type: ColumnType, fixedLength: Int? = nil, limit: Int) {
    self.type = type
    self.fixedLength = fixedLength
    slots = ByteArraySlots(limit: limit)
  }

  var slotBytes: Int { 4 }

  var byteCount: Int { slots.used + slots.count * 4 }

  mutating func useDictionary(_ body: PageBody, count: Int) throws(ParquetError) {
    keys = try ByteArrayKeys(body, count: count, fixedLength: fixedLength)
  }

  mutating func begin(_ page: DataPage) { form = .unopened }

  private func opened(_ page: DataPage) throws(ParquetError) -> Form {
    let (encoding, range, fixedLength) = (page.encoding, page.values, fixedLength)
    if encoding == .plain { return .plain(position: range.lowerBound, end: range.upperBound) }
    if encoding.isDictionary {
      guard keys != nil else { throw .corrupted("indices without a dictionary") }
      return .indices(try Self.indices(of: page))
    }
    return try page.body.bytes.withUnsafeBytesThrowing { (bytes) throws(ParquetError) in
      switch (encoding, fixedLength) {
      case (.deltaLengthByteArray, nil): .lengths(try DeltaLengthDecoder(range, of: bytes))
      case (.deltaByteArray, _):
        .prefixes(try DeltaByteArrayDecoder(range, of: bytes, fixedLength: fixedLength))
      case (.byteStreamSplit, let length?):
        .stream(.split(try ByteStreamSplitDecoder(width: length, range: range), width: length))
      default: throw Self.unsupported(encoding)
      }
    }
  }

  mutating func begin(slots number: Int) { slots.begin(slots: number) }

  mutating func append(
    _ valid: Int, slots number: Int, _ validity: Bitmap, of page: DataPage
  ) throws(ParquetError) {
    guard number > 0 else { return }
    var target = ByteArraySlots(limit: slots.limit)
    swap(&target, &slots)
    target.makeRoom(slots: number)
    try read(valid, page, into: &target)
    target.commit(valid, slots: number, validity)
    swap(&target, &slots)
  }

  mutating func skip(_ valid: Int, of page: DataPage) throws(ParquetError) {
    guard valid > 0 else { return }
    if case .unopened = form { form = try opened(page) }
    if case .indices(var decoder) = form {
      let limit = keys?.places.count ?? 0
      try page.body.bytes.withUnsafeBytesThrowing { (bytes) throws(ParquetError) in
        try forEachIndices(valid, &decoder, of: bytes, below: limit) { _, _ in }
      }
      form = .indices(decoder)
      return
    }
    let limit = slots.limit
    try Self.forEachPart(valid) { (_, number) throws(ParquetError) in
      var passed = ByteArraySlots(limit: limit)
      passed.makeRoom(slots: number)
      try read(number, page, into: &passed)
    }
  }

  mutating func finish(_ validity: Validity) throws(ParquetError) -> ColumnVector {
    ColumnVector(type: type, storage: .byteStrings(slots.finish()), validity: validity)
  }

  /// Reads strings without gaps for nulls.
  private mutating func read(
    _ count: Int, _ page: DataPage, into slots: inout ByteArraySlots
  ) throws(ParquetError) {
    guard count > 0 else { return }
    if case .unopened = form { form = try opened(page) }
    let (form, keys, fixedLength) = (form, keys, fixedLength)
    self.form = try page.body.bytes.withUnsafeBytesThrowing { (bytes) throws(ParquetError) in
      switch form {
      case .unopened: return form
      case .plain(let position, let end):
        if let fixedLength {
          guard count <= (end - position) / fixedLength else { throw .corrupted("values end early") }
          let values = UnsafeRawBufferPointer(rebasing: bytes[position..<position + count * fixedLength])
          try slots.append(values, count, length: fixedLength, from: 0)
          return .plain(position: position + values.count, end: end)
        }
        var position = position
        try slots.appendPlain(count, bytes, &position, end: end)
        return .plain(position: position, end: end)
      case .indices(var decoder):
        guard let keys else { throw .corrupted("indices without a dictionary") }
        try forEachIndices(count, &decoder, of: bytes, below: keys.places.count) {
          (start, ids) throws(ParquetError) in
          try slots.append(ids, of: keys, from: start)
        }
        return .indices(decoder)
      case .lengths(var decoder):
        try Self.forEachPart(count) { (start, number) throws(ParquetError) in
          var strings = ByteStrings()
          try decoder.decode(number, of: bytes, into: &strings)
          try slots.append(strings, from: start)
        }
        return .lengths(decoder)
      case .prefixes(var decoder):
        try Self.forEachPart(count) { (start, number) throws(ParquetError) in
          var strings = ByteStrings()
          // Strings that repeat what is before them can be far more than the bytes of the page.
          try decoder.decode(number, of: bytes, into: &strings, limit: slots.limit - slots.used)
          try slots.append(strings, from: start)
        }
        return .prefixes(decoder)
      case .stream(var stream):
        try stream.forEachPart(count, of: bytes) { (start, part, number) throws(ParquetError) in
          let length = fixedLength ?? 0
          let values = UnsafeRawBufferPointer(start: part, count: number * length)
          try slots.append(values, number, length: length, from: start)
        }
        return .stream(stream)
      }
    }
  }

  private static func forEachPart(
    _ count: Int, _ body: (_ start: Int, _ number: Int) throws(ParquetError) -> Void
  ) throws(ParquetError) {
    let most = 2048
    for start in stride(from: 0, to: count, by: most) { try body(start, min(most, count - start)) }
  }
}

// MARK: - Kernels

extension ByteArraySlots {
  /// Adds strings of one length that lie end to end.
  fileprivate mutating func append(
    _ values: UnsafeRawBufferPointer, _ count: Int, length: Int, from first: Int
  ) throws(ParquetError) {
    let start = used
    try append(values.count) { target in
      if let base = values.baseAddress { target.copyMemory(from: base, byteCount: values.count) }
    }
    try withEnds(from: first) { ends in
      for index in 0..<count { ends[index] = Int32(truncatingIfNeeded: start &+ (index &+ 1) &* length) }
    }
  }

  /// Adds strings that lie end to end.
  fileprivate mutating func append(_ strings: ByteStrings, from first: Int) throws(ParquetError) {
    let start = Int32(truncatingIfNeeded: used)
    try strings.bytes.withUnsafeBytesThrowing { (bytes) throws(ParquetError) in
      try append(bytes.count) { target in
        if let base = bytes.baseAddress { target.copyMemory(from: base, byteCount: bytes.count) }
      }
    }
    try withEnds(from: first) { ends in
      for index in 0..<strings.count { ends[index] = start &+ strings.offsets[index &+ 1] }
    }
  }

  /// Adds the strings that indices, all within the dictionary, stand for.
  fileprivate mutating func append(
    _ ids: UnsafeBufferPointer<UInt32>, of keys: ByteArrayKeys, from first: Int
  ) throws(ParquetError) {
    let start = used
    try keys.places.withUnsafeBufferPointerThrowing { (places) throws(ParquetError) in
      let total = try withEnds(from: first) { ends in
        var end = start
        for index in 0..<ids.count {
          end &+= Int(truncatingIfNeeded: places[Int(ids[index])] & 0xffff_ffff)
          ends[index] = Int32(truncatingIfNeeded: end)
        }
        return end &- start
      }
      try append(total) { target in
        keys.bytes.withUnsafeBytes { bytes in
          guard let base = bytes.baseAddress else { return }
          var place = target
          for id in ids {
            let key = places[Int(id)]
            let length = Int(truncatingIfNeeded: key & 0xffff_ffff)
            copyPadded(base + Int(truncatingIfNeeded: key >> 32), to: place, length)
            place += length
          }
        }
      }
    }
  }

  /// Adds strings that lie each behind its length.
  fileprivate mutating func appendPlain(
    _ count: Int, _ bytes: UnsafeRawBufferPointer, _ position: inout Int, end: Int
  ) throws(ParquetError) {
    guard let base = bytes.baseAddress else { throw .corrupted("values end early") }
    let most = 1024
    for first in stride(from: 0, to: count, by: most) {
      let number = min(most, count - first)
      let (start, begin) = (used, position)
      var place = position
      let total = try withEnds(from: first) { (ends) throws(ParquetError) in
        var sum = 0
        for index in 0..<number {
          guard end &- place >= 4 else { throw .corrupted("values end early") }
          let length = Int(UInt32(littleEndian: (base + place).loadUnaligned(as: UInt32.self)))
          place &+= 4
          guard length <= end &- place else { throw .corrupted("values end early") }
          place &+= length
          sum &+= length
          ends[index] = Int32(truncatingIfNeeded: start &+ sum)
        }
        return sum
      }
      position = place
      try append(total) { target in
        var (source, place) = (base + begin, target)
        // Up to here a copy may read the padding behind a string.
        let safe = base + max(0, bytes.count &- ByteArrayKeys.padding &- 4)
        for _ in 0..<number {
          let length = Int(UInt32(littleEndian: source.loadUnaligned(as: UInt32.self)))
          source += 4
          if length <= ByteArrayKeys.padding, source < safe {
            copyPadded(source, to: place, length)
          } else {
            place.copyMemory(from: source, byteCount: length)
          }
          source += length
          place += length
        }
      }
    }
  }
}

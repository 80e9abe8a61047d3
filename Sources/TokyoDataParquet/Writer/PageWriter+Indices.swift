extension PageWriter {
  /// Writes rows as indices into the dictionary that was written before.
  mutating func writeIndices(
    _ ids: [UInt32], keyCount: Int, _ plan: PagePlan, _ validity: Bitmap
  ) throws(ParquetError) {
    // Some readers refuse indices of no bits, which one key would need only.
    let width = max(1, bitWidth(of: keyCount - 1))
    try writeData(plan.rows, validity, encoding: .rleDictionary) { (body) throws(ParquetError) in
      body.append(UInt8(width))
      ids.withUnsafeBufferPointer {
        encodeHybrid(UnsafeBufferPointer(rebasing: $0[plan.values]), width: width, into: &body)
      }
    }
  }
}

internal import TokyoDataColumns

/// The loops over values of one kind.
///
/// Each is made where the kind is known to the compiler, and called once for many values.
struct FixedWidthKernels<Value: BitwiseCopyable & Sendable>: Sendable {
  /// The bytes of a value in the file.
  let width: Int
  /// Values lie in memory as they do in the file.
  let isCopy: Bool
  /// What is wrong where a value does not fit.
  let refusal: String
  /// Reads plain values; false where one does not fit its column.
  let convert: @Sendable (UnsafeRawPointer, _ count: Int, UnsafeMutablePointer<Value>) -> Bool
  /// Takes values out of a dictionary, in which all the indices lie.
  let gather: @Sendable (UnsafeBufferPointer<UInt32>, [Value], UnsafeMutablePointer<Value>) -> Void
  /// Moves values to the slots that are no nulls.
  let spread: @Sendable (UnsafeMutablePointer<Value>, _ valid: Int, _ slots: Int, Bitmap) -> Void
  let storage: @Sendable ([Value]) -> ColumnStorage

  @inline(__always)
  init<Plain: PlainValue>(_ plain: Plain) where Plain.Value == Value {
    width = plain.width
    isCopy = Plain.isCopy
    refusal = plain.refusal
    convert = { source, count, target in
      if Plain.isCopy {
        let size = count &* MemoryLayout<Value>.stride
        UnsafeMutableRawPointer(target).copyMemory(from: source, byteCount: size)
        return true
      }
      var fits = true
      let width = plain.width
      for index in 0..<count { target[index] = plain.value(at: source + index &* width, &fits) }
      return fits
    }
    gather = { ids, dictionary, target in
      dictionary.withUnsafeBufferPointer { keys in
        guard let keys = keys.baseAddress else { return }
        for index in 0..<ids.count { target[index] = keys[Int(ids[index])] }
      }
    }
    let zero = plain.zero
    spread = { target, valid, slots, validity in
      validity.spread(target, valid, slots: slots, empty: zero)
    }
    storage = { plain.storage($0) }
  }
}

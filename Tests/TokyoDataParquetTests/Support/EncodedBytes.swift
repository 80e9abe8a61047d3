@testable import TokyoDataParquet

/// What an encoder appends.
func encoded(_ encode: (inout ByteBuffer) throws -> Void) rethrows -> [UInt8] {
  var buffer = ByteBuffer()
  try encode(&buffer)
  return buffer.array
}

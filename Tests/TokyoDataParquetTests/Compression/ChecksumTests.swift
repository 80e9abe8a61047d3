import Testing

@testable import TokyoDataParquet

@Suite("Checksums")
struct ChecksumTests {
  @Test("known texts have the known checksums")
  func knowsTheCheckValue() {
    #expect(Array("123456789".utf8).withUnsafeBytes { Checksum.crc32($0) } == 0xcbf4_3926)
    #expect(Checksum.crc32(UnsafeRawBufferPointer(start: nil, count: 0)) == 0)
    #expect([UInt8](repeating: 0, count: 32).withUnsafeBytes { Checksum.crc32($0) } == 0x190a_55ad)
  }
}

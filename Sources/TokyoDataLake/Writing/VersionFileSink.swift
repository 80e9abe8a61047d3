internal import TokyoDataCore
internal import TokyoDataParquet

/// Passes a Parquet file's bytes to an upload, counts and sums them, and tells when the first values are out.
final class VersionFileSink: ParquetSink {
  let upload: any ObjectUpload
  private(set) var checksum = FileChecksum()
  private(set) var byteCount = 0
  private var writes = 0
  private let progress: (VersionWriteStep) async throws -> Void

  init(_ upload: any ObjectUpload, progress: @escaping (VersionWriteStep) async throws -> Void) {
    self.upload = upload
    self.progress = progress
  }

  func write(_ bytes: [UInt8]) async throws {
    try await upload.write(bytes)
    checksum.update(bytes)
    byteCount += bytes.count
    writes += 1
    // The format's first four bytes come alone, then the first column of the first row group.
    if writes == 1 { try await progress(.firstBytes) }
    if writes == 2 { try await progress(.midFile) }
  }
}

internal import TokyoDataCore
internal import TokyoDataLake

/// An object in the making: at first in memory, then in parts that go out while more is written.
///
/// At most `width` parts, and not more bytes than so many parts of the usual size, are under way, or one that is
/// larger than that; a writer waits for the oldest of them before it adds another.
actor S3Upload: ObjectUpload {
  private let key: ObjectKey
  private let store: S3ObjectStore
  private let plan: PartPlan
  private let mark = WriteMark()
  private var state = State.open
  private var buffer = PieceBuffer()
  /// S3's name for the upload, once there is more than one part.
  private var id: String?
  private var parts: [S3Part] = []
  private var sending: [Sending] = []
  private var lastNumber = 0

  private enum State {
    case open
    case finished
    /// By `abortUploads`.
    case ended
  }

  /// A part under way.
  private struct Sending {
    var size: Int
    var task: Task<S3Part, any Error>
  }

  init(key: ObjectKey, store: S3ObjectStore, plan: PartPlan) {
    self.key = key
    self.store = store
    self.plan = plan
  }

  deinit {
    for part in sending { part.task.cancel() }
    guard let id else { return }
    // Nobody finished it and nobody can any more.
    Task { [sending, client = store.client, path = store.path(of: key)] in
      for part in sending { _ = await part.task.result }
      await client.abort(id, of: path)
    }
  }

  func write(_ bytes: [UInt8]) async throws {
    try checkOpen()
    buffer.append(bytes)
    do {
      while buffer.count >= plan.size(ofPart: lastNumber + 1) {
        try await send(buffer.take(plan.size(ofPart: lastNumber + 1)))
      }
    } catch { throw await failure(error) }
  }

  func commit() async throws {
    try checkOpen()
    do {
      guard id != nil else {
        state = .finished
        store.uploads.remove(self)
        return try await store.client.put(buffer.take(buffer.count), as: path)
      }
      if buffer.count > 0 { try await send(buffer.take(buffer.count)) }
      while !sending.isEmpty { try await finishOldest() }
      try checkOpen()
      state = .finished
      store.uploads.remove(self)
      // From here on the client leaves nothing behind.
      guard let id = id.take() else { return }
      try await store.client.completeUpload(id, parts: parts, to: path, mark: mark)
    } catch { throw await failure(error) }
  }

  func abort() async {
    if case .open = state { state = .finished }
    await leave()
  }

  /// Ends the upload from without; what is under way fails.
  func end() async {
    guard case .open = state else { return }
    state = .ended
    await leave()
  }

  private var path: String { store.path(of: key) }

  private func checkOpen() throws(TokyoDataError) {
    switch state {
    case .open: break
    case .finished:
      throw TokyoDataError(
        .invalidArgument, "\(key.name): the upload is finished", context: .init(store: store.name))
    case .ended:
      throw TokyoDataError(
        .conflict, "\(key.name): somebody ended the upload", context: .init(store: store.name))
    }
  }

  private func send(_ bytes: [ArraySlice<UInt8>]) async throws {
    let size = bytes.reduce(0) { $0 + $1.count }
    let (width, budget) = (max(1, store.options.width), max(1, store.options.width) * store.options.partSize)
    while !sending.isEmpty, sending.count >= width || sending.reduce(size, { $0 + $1.size }) > budget {
      try await finishOldest()
    }
    guard lastNumber < PartPlan.mostParts else {
      throw TokyoDataError(.valueOutOfRange, "\(key.name): an object has at most 10,000 parts")
    }
    let id = try await begin()
    try checkOpen()
    lastNumber += 1
    let (client, path, number) = (store.client, path, lastNumber)
    // Away from this actor: parts are summed and hashed side by side, while more is written.
    let task = Task { @concurrent in
      try await client.uploadPart(bytes, number: number, of: id, to: path)
    }
    sending.append(Sending(size: size, task: task))
  }

  private func begin() async throws -> String {
    if let id { return id }
    let begun = try await store.client.createUpload(path, mark: mark)
    id = begun
    // Who was canceled had to wait for the id.
    try Task.checkCancellation()
    // Ended or aborted meanwhile: `leave` knew nothing of it.
    if case .open = state { return begun }
    await leave()
    try checkOpen()
    return begun
  }

  /// Waits for the oldest part; who is cancelled meanwhile cancels all parts.
  private func finishOldest() async throws {
    guard let oldest = sending.first else { return }
    let tasks = sending.map(\.task)
    let part = try await withTaskCancellationHandler {
      try await oldest.task.value
    } onCancel: {
      for task in tasks { task.cancel() }
    }
    // Somebody may have emptied the list in the meantime.
    try checkOpen()
    sending.removeFirst()
    parts.append(part)
  }

  /// Cleans up after an error.
  ///
  /// - Returns: the error in our terms.
  private func failure(_ error: any Error) async -> any Error {
    var reason = TokyoDataError.of(error, object: key.name, store: store.name)
    if case .ended = state {
      do { try checkOpen() } catch { reason = error }
    } else if let error = error as? AWSServiceError, error.code == "NoSuchUpload" {
      reason = TokyoDataError(
        .conflict, "\(key.name): somebody ended the upload", context: .init(store: store.name), cause: error)
    }
    if case .open = state { state = .finished }
    await leave()
    return reason
  }

  /// Cancels what is under way and ends the upload, also where the task is cancelled.
  private func leave() async {
    store.uploads.remove(self)
    buffer = PieceBuffer()
    let (left, begun) = (sending, id)
    (sending, id) = ([], nil)
    for part in left { part.task.cancel() }
    guard !left.isEmpty || begun != nil else { return }
    let (client, path) = (store.client, path)
    await Task {
      for part in left { _ = await part.task.result }
      if let begun { await client.abort(begun, of: path) }
    }.value
  }
}

/// Where tasks wait until all of them are ready, so that what connecting costs is in nobody's time.
package actor StartLine {
  private var missing: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(_ tasks: Int) { missing = tasks }

  /// Returns when as many tasks are here as are expected, or when this one is canceled.
  package func wait() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        missing -= 1
        waiting.append(continuation)
        if missing <= 0 { open() }
      }
    } onCancel: {
      Task { await self.open() }
    }
  }

  private func open() {
    missing = 0
    for continuation in waiting { continuation.resume() }
    waiting = []
  }
}

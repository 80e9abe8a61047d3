import Dispatch
import Glibc
import TokyoDataParquet

/// The entry of libFuzzer: feeds the target that TOKYO_FUZZ_TARGET names.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = UnsafeRawBufferPointer(start: start, count: count)
  do {
    switch chosenTarget.body {
    case .immediate(let body): try body(bytes)
    case .awaited(let body):
      let copy = Array(bytes)
      try waited { try await body(copy) }
    }
  } catch is ParquetError {
    return 0
  } catch {
    // A finding: the reader throws its own errors only, and libFuzzer keeps what ends the process.
    fatalError("an error that is no ParquetError: \(type(of: error))")
  }
  return 0
}

/// With TOKYO_FUZZ_SEEDS, writes each target's seeds into a folder of its name there, and ends.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>
) -> CInt {
  guard let folder = environment("TOKYO_FUZZ_SEEDS") else { return 0 }
  for target in FuzzTarget.all {
    print(target.name)
    mkdir("\(folder)/\(target.name)", 0o777)
    do {
      for (number, seed) in try waited({ try await target.seeds() }).enumerated() {
        guard let file = fopen("\(folder)/\(target.name)/seed-\(number)", "w") else { exit(1) }
        fwrite(seed, 1, seed.count, file)
        fclose(file)
      }
    } catch {
      // Seeds are made by our own writer from fixed rows; without them there is nothing to begin with.
      fatalError("\(target.name) has no seeds: \(error)")
    }
  }
  exit(0)
}

private let chosenTarget: FuzzTarget = {
  let name = environment("TOKYO_FUZZ_TARGET") ?? ""
  guard let target = FuzzTarget.all.first(where: { $0.name == name }) else {
    // Tests/Fuzz/run sets the variable from --list; anything else is a wrong call, which must not pass.
    fatalError("TOKYO_FUZZ_TARGET names no target: \(name)")
  }
  return target
}()

private func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

/// What a task left behind; written before the semaphore is raised, read after it was passed.
private final class Outcome<Value>: @unchecked Sendable {
  var result: Result<Value, any Error>?
}

/// Runs something asynchronous to its end; libFuzzer's own thread has nothing else to do.
private func waited<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
  let outcome = Outcome<Value>()
  let done = DispatchSemaphore(value: 0)
  Task {
    do { outcome.result = .success(try await body()) } catch { outcome.result = .failure(error) }
    done.signal()
  }
  done.wait()
  // The task raises the semaphore behind its result only.
  guard let result = outcome.result else { fatalError("a task left nothing behind") }
  return try result.get()
}

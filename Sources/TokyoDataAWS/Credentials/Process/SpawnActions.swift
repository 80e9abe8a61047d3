#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// What `posix_spawn` does on the way into a program: files, signals, a group of its own.
struct SpawnActions: ~Copyable {
  #if canImport(Darwin)
    private var files: posix_spawn_file_actions_t?
    private var attributes: posix_spawnattr_t?
  #else
    private var files = posix_spawn_file_actions_t()
    private var attributes = posix_spawnattr_t()
  #endif
  private var isComplete = true

  init(output: Int32) {
    posix_spawn_file_actions_init(&files)
    posix_spawnattr_init(&attributes)
    check(posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0))
    check(posix_spawn_file_actions_adddup2(&files, output, 1))
    check(posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0))
    // A server ignores or blocks signals that other programs count on.
    var signals = sigset_t()
    sigemptyset(&signals)
    check(posix_spawnattr_setsigmask(&attributes, &signals))
    sigaddset(&signals, SIGPIPE)
    sigaddset(&signals, SIGCHLD)
    check(posix_spawnattr_setsigdefault(&attributes, &signals))
    check(posix_spawnattr_setpgroup(&attributes, 0))
    let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
    check(posix_spawnattr_setflags(&attributes, Int16(flags)))
  }

  deinit {
    var (files, attributes) = (files, attributes)
    posix_spawn_file_actions_destroy(&files)
    posix_spawnattr_destroy(&attributes)
  }

  private mutating func check(_ status: Int32) { isComplete = isComplete && status == 0 }

  /// Starts a program; nil where that fails.
  func spawn(_ program: String, _ words: [String], _ settings: [String]) -> pid_t? {
    guard isComplete else { return nil }
    var arguments = words.map { strdup($0) } + [nil]
    var variables = settings.map { strdup($0) } + [nil]
    defer { for text in arguments + variables { free(text) } }
    var id: pid_t = 0
    var (files, attributes) = (files, attributes)
    let status = posix_spawnp(&id, program, &files, &attributes, &arguments, &variables)
    return status == 0 ? id : nil
  }
}

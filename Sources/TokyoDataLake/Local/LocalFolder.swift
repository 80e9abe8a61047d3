internal import TokyoDataCore

/// A folder of this machine, seen as keys.
///
/// All calls block.
struct LocalFolder: Sendable {
  /// Names of files in the making are this, a random number, a dash and the key's last part; no part of a key
  /// begins with a dot.
  static let unfinishedPrefix = ".upload-"

  let root: String
  /// Whether what is made waits until it is on the disk.
  let isDurable: Bool

  init(path: String, isDurable: Bool) throws(TokyoDataError) {
    var root = path
    while root.utf8.count > 1, root.hasSuffix("/") { root.removeLast() }
    guard !root.isEmpty, !root.utf8.contains(0) else {
      throw TokyoDataError(.invalidArgument, "a folder needs a path")
    }
    self.root = root
    self.isDurable = isDurable
  }

  func path(of key: ObjectKey) -> String { root + "/" + key.path }

  func directory(of key: ObjectKey) -> String {
    let parts = key.path.split(separator: "/").dropLast()
    return ([root] + parts.map(String.init)).joined(separator: "/")
  }

  /// Makes a file that no listing shows beside the place of a key.
  func unfinished(for key: ObjectKey) throws(SystemCallError) -> (file: PosixFile, path: String) {
    let random = String(UInt64.random(in: .min ... .max), radix: 16)
    let path = directory(of: key) + "/" + Self.unfinishedPrefix + random + "-" + key.name
    var attempts = 0
    while true {
      do throws(SystemCallError) {
        try makeDirectories(to: key)
        return (try PosixFile.creating(path), path)
      } catch {
        // A deletion may remove the folder while it is still empty.
        attempts += 1
        guard error.number == PosixFile.notFound, attempts < 8 else { throw error }
      }
    }
  }

  /// Shows a finished file under its key, which must be free, and removes its first name.
  func publish(_ file: PosixFile, _ unfinished: String, as key: ObjectKey) throws(SystemCallError) {
    defer { _ = try? PosixFile.remove(unfinished) }
    if isDurable { try file.synchronize() }
    try PosixFile.link(unfinished, as: path(of: key))
    try synchronizeDirectory(directory(of: key))
  }

  /// Puts a finished file in the place of a key, whatever was there.
  func replace(_ file: PosixFile, _ unfinished: String, as key: ObjectKey) throws(SystemCallError) {
    if isDurable { try file.synchronize() }
    try PosixFile.move(unfinished, to: path(of: key))
    try synchronizeDirectory(directory(of: key))
  }

  /// Removes a key's file, and the folders that are empty then.
  func remove(_ key: ObjectKey) throws(SystemCallError) {
    try PosixFile.remove(path(of: key))
    try removeEmptyDirectories(from: key.path.split(separator: "/").dropLast().map(String.init))
  }

  /// Removes a folder below the root and those above it, as long as they are empty.
  func removeEmptyDirectories(from components: [String]) throws(SystemCallError) {
    var components = components
    while !components.isEmpty {
      let path = ([root] + components).joined(separator: "/")
      guard try PosixFile.removeDirectory(path) else { return }
      components.removeLast()
    }
  }

  private func makeDirectories(to key: ObjectKey) throws(SystemCallError) {
    let directory = directory(of: key)
    if try PosixFile.entryExists(directory) { return }
    var path = ""
    for component in directory.split(separator: "/") {
      let parent = path
      path += (path.isEmpty && !root.hasPrefix("/") ? "" : "/") + component
      if try PosixFile.makeDirectory(path) { try synchronizeDirectory(parent.isEmpty ? "." : parent) }
    }
  }

  private func synchronizeDirectory(_ path: String) throws(SystemCallError) {
    if isDurable { try PosixFile.directory(path).synchronize() }
  }
}

extension LocalFolder {
  /// The objects whose keys begin with a prefix, by the bytes of their keys.
  func list(prefix: String) throws(SystemCallError) -> [StoredObject] {
    var objects: [StoredObject] = []
    try visit(prefix: prefix) { (path, name) throws(SystemCallError) in
      guard path.utf8.starts(with: prefix.utf8), let key = try? ObjectKey(path),
        let size = try PosixFile.size(self.path(of: key))
      else { return }
      objects.append(StoredObject(key: key, size: size))
    }
    return objects
  }

  /// Removes the unfinished files whose keys would begin with a prefix.
  func removeUnfinished(prefix: String) throws(SystemCallError) {
    var folders: Set<String> = []
    try visit(prefix: prefix) { (path, name) throws(SystemCallError) in
      guard name.hasPrefix(Self.unfinishedPrefix),
        let dash = name.dropFirst(Self.unfinishedPrefix.count).firstIndex(of: "-")
      else { return }
      let folder = path.dropLast(name.count)
      guard (folder + name[dash...].dropFirst()).utf8.starts(with: prefix.utf8) else { return }
      try PosixFile.remove(root + "/" + path)
      folders.insert(String(folder))
    }
    for folder in folders {
      try removeEmptyDirectories(from: folder.split(separator: "/").map(String.init))
    }
  }

  /// Calls `body` for each file in the folders that a prefix may reach, in the order of their keys.
  private func visit(
    prefix: String, _ body: (_ path: String, _ name: String) throws(SystemCallError) -> Void
  ) throws(SystemCallError) {
    // A prefix that no key can have matches nothing; it must not lead out of the root either.
    let components = prefix.split(separator: "/", omittingEmptySubsequences: false)
    guard components.dropLast().allSatisfy({ !$0.isEmpty && $0.first != "." }) else { return }
    let folder = components.dropLast().map { $0 + "/" }.joined()
    try visit(folder: folder, matching: prefix, body)
  }

  private func visit(
    folder: String, matching prefix: String,
    _ body: (_ path: String, _ name: String) throws(SystemCallError) -> Void
  ) throws(SystemCallError) {
    let entries = try PosixFile.entries(of: root + "/" + folder)
      // A folder's keys go on with a slash, and `-` sorts before it.
      .map { (path: folder + $0.name + ($0.isDirectory ? "/" : ""), name: $0.name, $0.isDirectory) }
      .sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    for (path, name, isDirectory) in entries {
      if isDirectory {
        guard !name.hasPrefix("."), overlaps(path, prefix) else { continue }
        try visit(folder: path, matching: prefix, body)
      } else {
        try body(path, name)
      }
    }
  }

  private func overlaps(_ folder: String, _ prefix: String) -> Bool {
    folder.utf8.starts(with: prefix.utf8) || prefix.utf8.starts(with: folder.utf8)
  }
}

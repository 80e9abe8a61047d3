public import TokyoDataCore

/// The name of an object: a relative path of components between slashes, at most 1,024 bytes.
///
/// No component is longer than 220 bytes, is empty or begins with a dot, and none holds a control character or a backslash, so no key
/// leads out of its store. Keys compare by their bytes.
public struct ObjectKey: Sendable {
  /// The path, without a slash at either end.
  public let path: String

  /// Makes a key.
  ///
  /// - Throws: `TokyoDataError.invalidArgument` for a path that no object can have.
  public init(_ path: String) throws(TokyoDataError) {
    guard Self.isValid(path) else {
      throw TokyoDataError(
        .invalidArgument,
        "an object's key is a relative path of at most 1024 bytes, whose parts are not empty and do not "
          + "begin with a dot")
    }
    self.path = path
  }

  /// The part after the last slash.
  public var name: String { path.split(separator: "/").last.map(String.init) ?? path }

  private static func isValid(_ path: String) -> Bool {
    guard (1...1_024).contains(path.utf8.count),
      path.utf8.allSatisfy({ $0 >= 32 && $0 != 127 && $0 != UInt8(ascii: "\\") })
    else { return false }
    return path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy {
      !$0.isEmpty && $0.first != UInt8(ascii: ".") && $0.count <= 220
    }
  }
}

extension ObjectKey: Hashable, Comparable, CustomStringConvertible {
  /// Both have the same bytes; Swift's own `String` takes two spellings of one accented letter for equal.
  public static func == (left: ObjectKey, right: ObjectKey) -> Bool {
    left.path.utf8.elementsEqual(right.path.utf8)
  }

  /// By the bytes of the paths.
  public static func < (left: ObjectKey, right: ObjectKey) -> Bool {
    left.path.utf8.lexicographicallyPrecedes(right.path.utf8)
  }

  /// Hashes the bytes of the path.
  public func hash(into hasher: inout Hasher) {
    for byte in path.utf8 { hasher.combine(byte) }
  }

  /// The path.
  public var description: String { path }
}

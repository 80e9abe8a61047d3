/// What a Redis server answered instead of a result.
///
/// Its text, and a dump of it, show the code word only: the server's words may quote keys and values.
public struct RedisServerError: Error, Hashable, Sendable {
  /// The word with which the server's error begins; a server may have others than those named here.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    /// The word.
    public let description: String

    /// Makes a code of its word.
    public init(_ word: String) {
      description = word
    }

    /// An error without a word of its own.
    public static let general = Code("ERR")
    /// The server has no memory left for what writes.
    public static let outOfMemory = Code("OOM")
    /// The server wants a password first.
    public static let noAuthentication = Code("NOAUTH")
    /// User or password is wrong.
    public static let wrongPassword = Code("WRONGPASS")
    /// The user may not do that.
    public static let noPermission = Code("NOPERM")
    /// The server is a replica, which takes no writes.
    public static let readOnly = Code("READONLY")
    /// The server still reads its data from disk.
    public static let loading = Code("LOADING")
    /// A script keeps the server busy.
    public static let busy = Code("BUSY")
    /// The replica has lost its master.
    public static let masterDown = Code("MASTERDOWN")
    /// Too few replicas for a write.
    public static let noReplicas = Code("NOREPLICAS")
    /// The server cannot write to disk and takes no writes.
    public static let noPersistence = Code("MISCONF")
    /// The key is held by another server of the cluster.
    public static let moved = Code("MOVED")
    /// The key is on its way to another server of the cluster, which has to be asked this once.
    public static let ask = Code("ASK")
    /// Keys of one command are on their way to another server of the cluster.
    public static let tryAgain = Code("TRYAGAIN")
    /// The cluster does not serve all slots.
    public static let clusterDown = Code("CLUSTERDOWN")
    /// Keys of one command belong to several servers of the cluster.
    public static let crossSlot = Code("CROSSSLOT")
    /// The key holds another kind of value.
    public static let wrongType = Code("WRONGTYPE")
    /// The server does not know the script.
    public static let noScript = Code("NOSCRIPT")
  }

  /// What kind of error it is.
  public let code: Code
  /// What the server said after the word.
  let words: String

  /// Makes an error of its code.
  public init(_ code: Code) {
    self.code = code
    words = ""
  }

  /// The error in a line of the protocol; a line that does not begin with a word is a general one.
  init(line: [UInt8]) {
    let word = line.prefix { $0 != UInt8(ascii: " ") }
    let letters = UInt8(ascii: "A")...UInt8(ascii: "Z")
    if (1...32).contains(word.count), word.allSatisfy(letters.contains) {
      code = Code(String(decoding: word, as: UTF8.self))
      words = String(decoding: line.dropFirst(word.count + 1), as: UTF8.self)
    } else {
      code = .general
      words = String(decoding: line, as: UTF8.self)
    }
  }
}

extension RedisServerError: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The code word.
  public var description: String { "Redis answered \(code)" }

  /// The code word.
  public var debugDescription: String { description }

  /// Nothing of the server's words.
  public var customMirror: Mirror { Mirror(self, children: ["code": code]) }
}

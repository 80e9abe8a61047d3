/// One command as it goes to a server, with the key that decides to which.
struct RedisCommand: Sendable {
  /// The command as the protocol has it: the count of its words, then each with its length.
  let wire: [UInt8]
  /// The first key it names; nil where any server may run it.
  let key: [UInt8]?
  /// What its reply looks like.
  let form: ReplyForm

  init(
    _ name: String, _ arguments: [[UInt8]] = [], key: [UInt8]? = nil, form: ReplyForm = .any
  ) {
    self.init([Array(name.utf8)] + arguments, key: key, form: form)
  }

  /// A command without keys, whose words are texts.
  init(words: String...) {
    self.init(words.map { Array($0.utf8) }, key: nil, form: .any)
  }

  private init(_ words: [[UInt8]], key: [UInt8]?, form: ReplyForm) {
    var wire: [UInt8] = []
    // Of each word the length takes up to 19 digits, the marks around it five bytes.
    wire.reserveCapacity(words.reduce(24) { $0 + $1.count + 24 })
    wire.append(UInt8(ascii: "*"))
    wire.append(line: words.count)
    for word in words {
      wire.append(UInt8(ascii: "$"))
      wire.append(line: word.count)
      wire.append(contentsOf: word)
      wire.append(contentsOf: [13, 10])
    }
    self.wire = wire
    self.key = key
    self.form = form
  }
}

extension [UInt8] {
  fileprivate mutating func append(line number: Int) {
    append(contentsOf: String(number).utf8)
    append(contentsOf: [13, 10])
  }
}

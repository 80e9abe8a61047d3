import Testing

@testable import TokyoDataRedis

@Suite("Commands on the wire")
struct RedisCommandTests {
  @Test("words have their length in bytes before them, whatever they hold")
  func words() {
    let command = RedisCommand("SET", [[0, 13, 10, 255], []], key: [0])
    #expect(
      command.wire == Array("*3\r\n$3\r\nSET\r\n$4\r\n".utf8) + [0, 13, 10, 255, 13, 10]
        + Array("$0\r\n\r\n".utf8))
    #expect(RedisCommand(words: "SELECT", "2é").wire == Array("*2\r\n$6\r\nSELECT\r\n$3\r\n2é\r\n".utf8))
  }

  @Test("an output buffer gives the socket what is left, and what comes meanwhile after it")
  func output() {
    var output = OutputBuffer()
    output.append([1, 2, 3])
    var seen: [[UInt8]] = []
    func send(_ limit: Int) {
      output.send { bytes in
        seen.append(Array(bytes))
        return min(limit, bytes.count)
      }
    }
    send(2)
    output.append([4, 5])
    send(1)
    send(9)
    #expect(seen == [[1, 2, 3], [3, 4, 5], [4, 5]])
    #expect(output.isEmpty)
  }

  @Test("an output buffer that is never empty gives back what has gone")
  func lagging() {
    var output = OutputBuffer()
    let piece = (0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    var (next, isInOrder) = (0, true)
    for _ in 0..<20 {
      output.append(piece)
      output.send { bytes in
        isInOrder = isInOrder && bytes.first == piece[next % piece.count]
        next += bytes.count - 1
        return bytes.count - 1
      }
    }
    #expect(isInOrder)
    #expect(output.bytes.count < 4 << 20)
  }
}

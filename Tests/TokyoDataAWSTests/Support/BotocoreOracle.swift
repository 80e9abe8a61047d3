import Foundation

/// Asks botocore, in the Python environment of the tests.
enum BotocoreOracle {
  struct Problem: Error, CustomStringConvertible {
    var description: String
  }

  /// An answer for each question, in order.
  static func answers<Question: Encodable, Answer: Decodable>(
    _ questions: [Question], as type: Answer.Type
  ) throws -> [Answer] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let python = root.appending(path: ".venv/bin/python")
    guard FileManager.default.isExecutableFile(atPath: python.path) else {
      throw Problem(description: "there is no .venv with botocore: run Tests/run")
    }
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .useDefaultKeys
    let lines = try questions.map { try String(decoding: encoder.encode($0), as: UTF8.self) + "\n" }
    // A file, so that neither side waits for the other.
    let input = FileManager.default.temporaryDirectory.appending(path: "oracle-\(UUID().uuidString)")
    try Data(lines.joined().utf8).write(to: input)
    defer { try? FileManager.default.removeItem(at: input) }
    let process = Process()
    process.executableURL = python
    process.arguments = [root.appending(path: "Tests/InteropTests/botocore_oracle.py").path]
    process.standardInput = try FileHandle(forReadingFrom: input)
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let answers = try data.split(separator: UInt8(ascii: "\n")).map {
      try JSONDecoder().decode(Answer.self, from: $0)
    }
    guard process.terminationStatus == 0, answers.count == questions.count else {
      throw Problem(description: "the oracle gave \(answers.count) answers to \(questions.count) questions")
    }
    return answers
  }
}

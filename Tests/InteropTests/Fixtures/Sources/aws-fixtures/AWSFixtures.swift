internal import Foundation
internal import TokyoDataAWS

/// Uses S3 and Glue as the environment says, for the tests in Python around it.
///
///     aws-fixtures put BUCKET PREFIX KEY FILE         a file becomes an object, in one call
///     aws-fixtures get BUCKET PREFIX KEY FILE         an object becomes a file
///     aws-fixtures list BUCKET PREFIX                 keys and sizes
///     aws-fixtures upload BUCKET KEY BYTES            a made-up object, streamed; prints the peak of memory
///     aws-fixtures download BUCKET KEY BYTES          the same, read and compared; prints the peak of memory
///     aws-fixtures requests BUCKET COUNT              so many requests; prints what the process holds before
///                                                     and after
///     aws-fixtures catalog STEP DATABASE BUCKET COUNT what a catalog with so many versions holds: `plan` asks
///                                                     nobody, `sync` adds and shows it, `read` reads it
///     aws-fixtures end BUCKET                         one request; ends with 23 where OpenSSL cleans up after it
///     aws-fixtures leak                               loses memory, for who looks for leaks to find
@main
enum AWSFixtures {
  static func main() async {
    do { try await run(Array(CommandLine.arguments.dropFirst())) } catch {
      FileHandle.standardError.write(Data("\(String(reflecting: error))\n".utf8))
      exit(1)
    }
  }

  private static func run(_ words: [String]) async throws {
    switch (words.first, words.count) {
    case ("put", 5): try await Objects(bucket: words[1], prefix: words[2]).put(words[3], from: words[4])
    case ("get", 5): try await Objects(bucket: words[1], prefix: words[2]).get(words[3], into: words[4])
    case ("list", 3): try await Objects(bucket: words[1], prefix: words[2]).list()
    case ("upload", 4): try await Stream(bucket: words[1], key: words[2], size: number(words[3])).upload()
    case ("download", 4): try await Stream(bucket: words[1], key: words[2], size: number(words[3])).download()
    case ("requests", 3): try await RequestLoop(bucket: words[1]).run(number(words[2]))
    case ("catalog", 5):
      let catalog = try CatalogScenario(database: words[2], bucket: words[3], count: number(words[4]))
      try await catalog.run(words[1])
    case ("end", 2): try await OpenSSLCleanup.watch(bucket: words[1])
    case ("leak", 1): PlantedLeak.run()
    default: throw Wrong("usage: aws-fixtures put|get|list|upload|download|requests|catalog|end|leak …")
    }
  }

  private static func number(_ text: String) throws -> Int {
    guard let number = Int(text), number >= 0 else { throw Wrong("\(text) is no number") }
    return number
  }
}

/// What is not as it should be.
struct Wrong: Error, CustomDebugStringConvertible {
  let debugDescription: String
  init(_ words: String) { debugDescription = words }
}

import Foundation
import Testing
import TokyoDataTesting

@testable import TokyoDataRedis

/// What `Tests/run` starts, by the variable that says where it is; an unset one is a failure.
enum RedisService: String, CaseIterable, Sendable {
  case tcp = "TOKYO_TEST_REDIS_URL"
  case socket = "TOKYO_TEST_REDIS_SOCKET_URL"
  case cluster = "TOKYO_TEST_REDIS_CLUSTER_URL"
  case sentinel = "TOKYO_TEST_REDIS_SENTINEL_URL"

  struct Missing: Error, CustomStringConvertible {
    var variable: String
    var description: String { "\(variable) is not set: run Tests/run" }
  }

  func configuration() throws -> RedisConfiguration {
    guard let url = ProcessInfo.processInfo.environment[rawValue], !url.isEmpty else {
      throw Missing(variable: rawValue)
    }
    var configuration = try RedisConfiguration(url: url)
    // Tests share the servers, and each has its own keys.
    configuration.keyPrefix = "test:\(UInt64.random(in: 0 ... .max)):"
    // A busy machine is no failure of the server.
    configuration.connectTimeout = .seconds(20)
    configuration.commandTimeout = .seconds(20)
    return configuration
  }

  /// Lends a cache that is closed whatever happens.
  func withCache<Result>(
    _ change: (inout RedisConfiguration) -> Void = { _ in },
    _ body: (RedisCache) async throws -> Result
  ) async throws -> Result {
    var configuration = try configuration()
    change(&configuration)
    return try await closing(try RedisCache(configuration), body)
  }
}

extension RedisService: CustomTestStringConvertible {
  var testDescription: String {
    switch self {
    case .tcp: "one server, with a password"
    case .socket: "one server, at its Unix socket"
    case .cluster: "a cluster"
    case .sentinel: "under Sentinel"
    }
  }
}

/// Lends a cache that is closed whatever happens.
func closing<Result>(_ cache: RedisCache, _ body: (RedisCache) async throws -> Result) async throws -> Result
{
  do {
    let result = try await body(cache)
    await cache.close()
    return result
  } catch {
    await cache.close()
    throw error
  }
}

/// The code of the error that `body` throws; nil where it throws none.
func code(_ body: () async throws -> Void) async -> TokyoDataError.Code? {
  do {
    try await body()
    return nil
  } catch let error as TokyoDataError {
    return error.code
  } catch {
    Issue.record("another error: \(error)")
    return nil
  }
}

// swift-tools-version: 6.2

import PackageDescription

/// Uses TokyoDataRedis alone, with the compiler's own defaults, as a stranger's package does.
let package = Package(
  name: "RedisClient",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "tokyo-data", path: "../../..")
  ],
  targets: [
    .executableTarget(
      name: "RedisClient",
      dependencies: [.product(name: "TokyoDataRedis", package: "tokyo-data")],
      swiftSettings: [.treatAllWarnings(as: .error)])
  ]
)

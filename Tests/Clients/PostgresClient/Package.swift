// swift-tools-version: 6.2

import PackageDescription

/// Uses TokyoDataPostgres alone, with the compiler's own defaults, as a stranger's package does.
let package = Package(
  name: "PostgresClient",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "tokyo-data", path: "../../..")
  ],
  targets: [
    .executableTarget(
      name: "PostgresClient",
      dependencies: [.product(name: "TokyoDataPostgres", package: "tokyo-data")],
      swiftSettings: [.treatAllWarnings(as: .error)])
  ]
)

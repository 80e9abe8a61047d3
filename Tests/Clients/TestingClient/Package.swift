// swift-tools-version: 6.2

import PackageDescription

/// Uses TokyoDataTesting alone, with the compiler's own defaults, as a stranger's package does.
let package = Package(
  name: "TestingClient",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "tokyo-data", path: "../../..")
  ],
  targets: [
    .executableTarget(
      name: "TestingClient",
      dependencies: [.product(name: "TokyoDataTesting", package: "tokyo-data")],
      swiftSettings: [.treatAllWarnings(as: .error)])
  ]
)

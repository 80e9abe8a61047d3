// swift-tools-version: 6.2

import PackageDescription

/// Uses TokyoDataAWS alone, with the compiler's own defaults, as a stranger's package does.
let package = Package(
  name: "AWSClient",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "tokyo-data", path: "../../..")
  ],
  targets: [
    .executableTarget(
      name: "AWSClient",
      dependencies: [.product(name: "TokyoDataAWS", package: "tokyo-data")],
      swiftSettings: [.treatAllWarnings(as: .error)])
  ]
)

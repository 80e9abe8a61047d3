// swift-tools-version: 6.2

import PackageDescription

/// Uses TokyoData alone, with the compiler's own defaults, as a stranger's package does.
let package = Package(
  name: "TokyoDataClient",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "tokyo-data", path: "../../..")
  ],
  targets: [
    .executableTarget(
      name: "TokyoDataClient",
      dependencies: [.product(name: "TokyoData", package: "tokyo-data")],
      swiftSettings: [.treatAllWarnings(as: .error)])
  ]
)

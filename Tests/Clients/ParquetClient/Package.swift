// swift-tools-version: 6.2

import PackageDescription

/// Uses TokyoDataParquet alone, with the compiler's own defaults, as a stranger's package does.
let package = Package(
  name: "ParquetClient",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "tokyo-data", path: "../../..")
  ],
  targets: [
    .executableTarget(
      name: "ParquetClient",
      dependencies: [.product(name: "TokyoDataParquet", package: "tokyo-data")],
      swiftSettings: [.treatAllWarnings(as: .error)])
  ]
)

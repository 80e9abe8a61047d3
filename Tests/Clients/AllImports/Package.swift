// swift-tools-version: 6.2

import PackageDescription

/// Imports what stands beside us in a server, to see that no name of ours needs its module before it.
let package = Package(
  name: "AllImports",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "tokyo-data", path: "../../.."),
    .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
  ],
  targets: [
    .executableTarget(
      name: "AllImports",
      dependencies: [
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "TokyoData", package: "tokyo-data"),
      ],
      swiftSettings: [.treatAllWarnings(as: .error)])
  ]
)

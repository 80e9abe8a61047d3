// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("InferIsolatedConformances"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "examples",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "quickstart", targets: ["Quickstart"]),
    .executable(name: "tokyo", targets: ["tokyo"]),
  ],
  dependencies: [
    .package(name: "tokyo-data", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
  ],
  targets: [
    .executableTarget(
      name: "Quickstart",
      dependencies: [
        .product(name: "TokyoData", package: "tokyo-data"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "tokyo",
      dependencies: [
        .product(name: "TokyoData", package: "tokyo-data"),
        .product(name: "TokyoDataParquet", package: "tokyo-data"),
        .product(name: "TokyoDataPostgres", package: "tokyo-data"),
        .product(name: "TokyoDataAWS", package: "tokyo-data"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .target(
      name: "Snippets",
      dependencies: [
        .product(name: "TokyoData", package: "tokyo-data"),
        .product(name: "TokyoDataParquet", package: "tokyo-data"),
        .product(name: "TokyoDataTesting", package: "tokyo-data"),
      ],
      swiftSettings: settings),
  ]
)

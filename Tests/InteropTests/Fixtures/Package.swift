// swift-tools-version: 6.2

import PackageDescription

// A program that writes and reads Parquet files and tables of PostgreSQL for the tests in Python around it.
let package = Package(
  name: "interop-fixtures",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "tokyo-data", path: "../../..")],
  targets: [
    .executableTarget(
      name: "fixtures",
      dependencies: [
        .product(name: "TokyoDataParquet", package: "tokyo-data"),
        .product(name: "TokyoDataPostgres", package: "tokyo-data"),
      ],
      swiftSettings: [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .enableUpcomingFeature("InferIsolatedConformances"),
        .treatAllWarnings(as: .error),
      ])
  ]
)

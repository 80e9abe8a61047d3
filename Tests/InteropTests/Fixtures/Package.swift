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

// Programs for the tests in Python around them: one writes and reads Parquet files and tables of PostgreSQL, the
// other objects of S3 and tables of Glue.
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
      swiftSettings: settings),
    .executableTarget(
      name: "aws-fixtures",
      dependencies: [.product(name: "TokyoDataAWS", package: "tokyo-data")],
      swiftSettings: settings),
  ]
)

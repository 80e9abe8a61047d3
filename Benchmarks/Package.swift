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

/// Our side of the comparisons that `Benchmarks/run` makes, one plain executable for each group.
let package = Package(
  name: "benchmarks",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "parquet-bench", targets: ["ParquetBench"]),
    .executable(name: "postgres-bench", targets: ["PostgresBench"]),
    .executable(name: "aws-bench", targets: ["AWSBench"]),
    .executable(name: "athena-bench", targets: ["AthenaBench"]),
    .executable(name: "redis-bench", targets: ["RedisBench"]),
  ],
  dependencies: [
    .package(name: "tokyo-data", path: "..")
  ],
  targets: [
    .target(name: "BenchSupport", swiftSettings: settings),
    .executableTarget(
      name: "ParquetBench",
      dependencies: ["BenchSupport", .product(name: "TokyoDataParquet", package: "tokyo-data")],
      swiftSettings: settings),
    .executableTarget(
      name: "PostgresBench",
      dependencies: ["BenchSupport", .product(name: "TokyoDataPostgres", package: "tokyo-data")],
      swiftSettings: settings),
    .executableTarget(
      name: "AWSBench",
      dependencies: ["BenchSupport", .product(name: "TokyoDataAWS", package: "tokyo-data")],
      swiftSettings: settings),
    .executableTarget(
      name: "AthenaBench",
      dependencies: [
        "BenchSupport", .product(name: "TokyoDataAWS", package: "tokyo-data"),
        .product(name: "TokyoDataParquet", package: "tokyo-data"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "RedisBench",
      dependencies: [
        "BenchSupport", .product(name: "TokyoData", package: "tokyo-data"),
        .product(name: "TokyoDataRedis", package: "tokyo-data"),
        .product(name: "TokyoDataPostgres", package: "tokyo-data"),
      ],
      swiftSettings: settings),
  ]
)

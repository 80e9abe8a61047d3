// swift-tools-version: 6.2

import PackageDescription

/// One set of rules for every target of ours; dependencies keep their own.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("InferIsolatedConformances"),
  .treatAllWarnings(as: .error),
]

/// A library target below `Sources`.
func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// A test target below `Tests`; every one may lean on the conformance suites.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

let package = Package(
  name: "tokyo-data",
  platforms: [.macOS(.v15), .iOS(.v18)],
  products: [
    // With what the umbrella re-exports: SwiftPM compiles a client anew only for changes of the modules
    // that its products name, and a client of another layout crashes.
    .library(
      name: "TokyoData",
      targets: ["TokyoData", "TokyoDataCore", "TokyoDataLake", "TokyoDataETL", "TokyoDataRouter"]),
    .library(name: "TokyoDataParquet", targets: ["TokyoDataParquet"]),
    .library(name: "TokyoDataPostgres", targets: ["TokyoDataPostgres"]),
    .library(name: "TokyoDataAWS", targets: ["TokyoDataAWS"]),
    .library(name: "TokyoDataRedis", targets: ["TokyoDataRedis"]),
    .library(name: "TokyoDataTesting", targets: ["TokyoDataTesting"]),
  ],
  traits: [
    .trait(name: "Postgres", description: "The umbrella brings PostgresHotStore (libpq)."),
    .trait(name: "AWS", description: "The umbrella brings S3, Glue and Athena (libcurl)."),
    .trait(name: "Redis", description: "The umbrella brings RedisCache (hiredis)."),
    .default(enabledTraits: ["Postgres", "AWS", "Redis"]),
  ],
  dependencies: [
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.5"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.5.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", "3.12.3"..<"5.0.0"),
  ],
  targets: [
    module("TokyoDataColumns", []),
    module("TokyoDataParquet", ["TokyoDataColumns", "CSnappy", "CDeflate", "CZstd"]),
    module("TokyoDataCore", ["TokyoDataColumns"]),
    module("TokyoDataLake", ["TokyoDataCore", "TokyoDataParquet"]),
    module("TokyoDataETL", ["TokyoDataCore", "TokyoDataLake"]),
    module(
      "TokyoDataRouter",
      [
        "TokyoDataCore", "TokyoDataParquet", .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Metrics", package: "swift-metrics"),
      ]),
    module(
      "TokyoDataPostgres",
      [
        "TokyoDataCore", "CLibPQ", .product(name: "Logging", package: "swift-log"),
        .product(name: "Metrics", package: "swift-metrics"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),
    module(
      "TokyoDataAWS",
      [
        "TokyoDataCore", "TokyoDataLake", "TokyoDataParquet", "CCurl",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Metrics", package: "swift-metrics"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),
    module(
      "TokyoDataRedis",
      [
        "TokyoDataCore", "CHiredis", .product(name: "Logging", package: "swift-log"),
        .product(name: "Metrics", package: "swift-metrics"),
      ]),
    module("TokyoDataTesting", ["TokyoDataCore", "TokyoDataLake"]),
    module(
      "TokyoData",
      [
        "TokyoDataCore", "TokyoDataLake", "TokyoDataETL", "TokyoDataRouter",
        .target(name: "TokyoDataPostgres", condition: .when(traits: ["Postgres"])),
        .target(name: "TokyoDataAWS", condition: .when(traits: ["AWS"])),
        .target(name: "TokyoDataRedis", condition: .when(traits: ["Redis"])),
      ]),
    .systemLibrary(
      name: "CSnappy", providers: [.apt(["libsnappy-dev"]), .brew(["snappy"])]),
    .systemLibrary(
      name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"]), .brew(["libdeflate"])]),
    .systemLibrary(
      name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
    .systemLibrary(
      name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),
    .systemLibrary(
      name: "CCurl", pkgConfig: "libcurl",
      providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]),
    // Without pkg-config: Debian's file defines a macro, which SwiftPM refuses with a warning, and names the
    // folder inside of which the headers are.
    .systemLibrary(
      name: "CHiredis", providers: [.apt(["libhiredis-dev"]), .brew(["hiredis"])]),

    tests("TokyoDataColumnsTests", ["TokyoDataColumns"]),
    tests("TokyoDataParquetTests", ["TokyoDataParquet"]),
    tests("TokyoDataCoreTests", ["TokyoDataCore", "TokyoDataTesting"]),
    tests("TokyoDataLakeTests", ["TokyoDataLake", "TokyoDataTesting"]),
    tests("TokyoDataETLTests", ["TokyoDataETL", "TokyoDataRouter", "TokyoDataTesting"]),
    tests(
      "TokyoDataRouterTests",
      [
        "TokyoDataRouter", "TokyoDataTesting",
        .product(name: "MetricsTestKit", package: "swift-metrics"),
      ]),
    tests(
      "TokyoDataPostgresTests",
      [
        "TokyoDataPostgres", "TokyoDataTesting",
        .product(name: "MetricsTestKit", package: "swift-metrics"),
        .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle"),
      ]),
    tests(
      "TokyoDataAWSTests",
      [
        "TokyoDataAWS", "TokyoDataTesting", .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "MetricsTestKit", package: "swift-metrics"),
        .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle"),
      ]),
    tests(
      "TokyoDataRedisTests",
      [
        "TokyoDataRedis", "TokyoDataTesting", .product(name: "Logging", package: "swift-log"),
        .product(name: "Metrics", package: "swift-metrics"),
        .product(name: "MetricsTestKit", package: "swift-metrics"),
      ]),
    tests("IntegrationTests", ["TokyoData", "TokyoDataAWS", "TokyoDataPostgres", "TokyoDataTesting"]),
  ]
)

// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that who builds the house does not build what measures it. Scripts/bench runs it.
let settings: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]
let measured: [Target.Dependency] = ["Names", "DNSWire", "Indicators", "Telemetry", "Hunt"].map {
  .product(name: $0, package: "nameward")
}

let package = Package(
  name: "nameward-benchmarks",
  dependencies: [
    .package(name: "nameward", path: ".."),
    // Without its traits: what they count of allocations reads 0 on Linux. valgrind counts them in Scripts/bench.
    .package(url: "https://github.com/ordo-one/benchmark", exact: "1.38.1", traits: []),
  ],
  targets: [
    .target(name: "Workloads", dependencies: measured, swiftSettings: settings),
    .executableTarget(name: "workload", dependencies: ["Workloads"], swiftSettings: settings),
    .executableTarget(
      name: "DNSWireBenchmarks",
      dependencies: ["Workloads", .product(name: "Benchmark", package: "benchmark")],
      path: "Benchmarks/DNSWire", swiftSettings: settings,
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
  ],
  swiftLanguageModes: [.v6]
)

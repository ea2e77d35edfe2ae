// swift-tools-version: 6.2
import PackageDescription

// The house. Floors from the ground up; a room may use only rooms on floors below its own.
// The manifest refuses anything else, so the picture in ARCHITECTURE.md cannot rot.
// Libraries lists what a room takes from outside; `#` marks one of our own C shims or system libraries.
let floors: [[Room]] = [
  [  // ground: bytes and values
    Room("Names", libraries: ["#CIDN2"]),
    Room("Notation", libraries: ["#CZlib", "#CZstd"]),
  ],
  [  // formats
    Room("DNSWire", uses: ["Names"]),
    Room("Indicators", uses: ["Names", "Notation"]),
    Room("Telemetry", uses: ["Names"]),
  ],
  [  // vocabulary: what we own, intend, saw
    Room("Estate", uses: ["Names", "Notation", "DNSWire"], libraries: ["Yams"])
  ],
  [  // judgement: pure functions, no socket, file, clock, random source or logger
    Room("Audit", uses: ["Names", "DNSWire", "Estate"], libraries: ["Crypto"]),
    Room("Hunt", uses: ["Names", "Indicators", "Telemetry"]),
  ],
  [  // edges: they do what judgement asks for and decide nothing
    Room(
      "Probe", uses: ["Names", "DNSWire", "Estate"],
      libraries: ["#CSockets", "#CUnbound", "Crypto", "NIOCore", "NIOPosix", "NIOSSL", "NIOTLS"]),
    Room("Store", uses: ["Names", "Notation", "DNSWire", "Indicators", "Estate"], libraries: ["GRDB", "Crypto"]),
    Room(
      "Connectors", uses: ["Names", "Notation", "DNSWire", "Indicators", "Estate"],
      libraries: ["#CMaxMindDB", "#CTrust", "AsyncHTTPClient", "NIOCore", "NIOPosix", "NIOSSL", "NIOHTTP1", "NIOTLS"]),
    Room("Lab", uses: ["Names", "DNSWire"], libraries: ["NIOCore", "NIOPosix"]),
  ],
  [  // what is served: values to pages and resources over HTTP; decides nothing
    Room(
      "Dashboard", uses: ["Names", "Notation", "Indicators", "Estate"],
      libraries: ["Hummingbird", "HummingbirdCore", "HTTPTypes", "Logging", "NIOCore", "NIOPosix"])
  ],
  [  // roof: the one executable
    Room(
      "nameward",
      uses: [
        "Names", "Notation", "DNSWire", "Telemetry", "Indicators", "Estate", "Audit", "Hunt", "Probe", "Connectors", "Store",
        "Lab", "Dashboard",
      ],
      libraries: ["ArgumentParser", "Crypto"])
  ],
]

/// A product of an outside package; each package has its page in Docs/Decisions.
let outside: [String: (package: String, url: String, version: Version)] = [
  "AsyncHTTPClient": ("async-http-client", "https://github.com/swift-server/async-http-client", "1.37.0"),
  "ArgumentParser": ("swift-argument-parser", "https://github.com/apple/swift-argument-parser", "1.8.2"),
  "Crypto": ("swift-crypto", "https://github.com/apple/swift-crypto", "4.5.2"),
  "GRDB": ("GRDB.swift", "https://github.com/groue/GRDB.swift", "7.10.0"),
  "HTTPTypes": ("swift-http-types", "https://github.com/apple/swift-http-types", "1.8.0"),
  "Hummingbird": ("hummingbird", "https://github.com/hummingbird-project/hummingbird", "2.28.1"),
  "HummingbirdCore": ("hummingbird", "https://github.com/hummingbird-project/hummingbird", "2.28.1"),
  "Logging": ("swift-log", "https://github.com/apple/swift-log", "1.16.2"),
  "NIOCore": ("swift-nio", "https://github.com/apple/swift-nio", "2.101.2"),
  "NIOHTTP1": ("swift-nio", "https://github.com/apple/swift-nio", "2.101.2"),
  "NIOPosix": ("swift-nio", "https://github.com/apple/swift-nio", "2.101.2"),
  "NIOSSL": ("swift-nio-ssl", "https://github.com/apple/swift-nio-ssl", "2.37.6"),
  "NIOTLS": ("swift-nio", "https://github.com/apple/swift-nio", "2.101.2"),
  "Yams": ("Yams", "https://github.com/jpsim/Yams", "6.2.2"),
]

/// Test targets beside the one that each room has. RealServers starts Debian's name servers on loopback.
let testRooms: [Room] = [
  Room("Fixtures", uses: ["Notation"]),
  Room("RealServers", uses: ["Names"]),
  Room(
    "RealTests",
    uses: ["RealServers", "Fixtures", "Names", "DNSWire", "Estate", "Audit", "Probe", "Connectors", "Store", "Lab", "nameward"]),
]

struct Room {
  var name: String
  var uses: [String]
  var libraries: [String]

  init(_ name: String, uses: [String] = [], libraries: [String] = []) {
    (self.name, self.uses, self.libraries) = (name, uses, libraries)
  }

  var dependencies: [Target.Dependency] {
    uses.map { .target(name: $0) }
      + libraries.map { library in
        if library.hasPrefix("#") { return .target(name: String(library.dropFirst())) }
        guard let product = outside[library] else { fatalError("\(name): no outside package gives \(library)") }
        return .product(name: library, package: product.package)
      }
  }
}

/// What the tests of a room use beside it: Lab's answers without a socket, or its servers; other people's servers and clients.
let borrowed: [String: [String]] = [
  "Audit": ["Lab"], "Probe": ["Lab"], "Connectors": ["RealServers"], "Dashboard": ["RealServers"],
]

let settings: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

// A developer may build one room and what is below it: NAMEWARD_ROOM=DNSWire swift build. `Scripts/test ROOM` does.
let only = Context.environment["NAMEWARD_ROOM"].flatMap { $0.isEmpty ? nil : $0 }

var level: [String: Int] = [:]
for (floor, rooms) in floors.enumerated() { for room in rooms { level[room.name] = floor } }
for room in floors.joined() {
  for used in room.uses {
    guard let below = level[used], let own = level[room.name], below < own else {
      fatalError("\(room.name) may not use \(used): a room uses only rooms on the floors below it (see ARCHITECTURE.md)")
    }
  }
}

let wanted: Set<String> = {
  let all = Array(floors.joined())
  guard let only else { return Set(all.map(\.name)) }
  guard let room = all.first(where: { $0.name == only }) else { fatalError("NAMEWARD_ROOM: there is no room \(only)") }
  // What it uses may use more; tests read fixtures with Notation.
  var (wanted, next) = (Set<String>(), [room.name, "Notation"] + (borrowed[room.name] ?? []))
  while let name = next.popLast() { if wanted.insert(name).inserted { next += all.first { $0.name == name }?.uses ?? [] } }
  return wanted
}()
let rooms = floors.joined().filter { wanted.contains($0.name) }

var targets: [Target] = rooms.map { room in
  room.name == "nameward"
    ? .executableTarget(name: room.name, dependencies: room.dependencies, swiftSettings: settings)
    : .target(name: room.name, dependencies: room.dependencies, swiftSettings: settings)
}
// Every room has its tests.
for room in rooms {
  if let only, only != room.name { continue }
  targets.append(
    .testTarget(
      name: "\(room.name)Tests",
      dependencies: [.target(name: room.name), .target(name: "Fixtures")] + room.dependencies
        + (borrowed[room.name] ?? []).map { .target(name: $0) },
      path: "Tests/\(room.name)Tests", swiftSettings: settings))
}
for room in testRooms where only == nil || room.uses.allSatisfy(wanted.contains) {
  targets.append(
    room.name.hasSuffix("Tests")
      ? .testTarget(name: room.name, dependencies: room.dependencies, path: "Tests/\(room.name)", swiftSettings: settings)
      : .target(
        name: room.name, dependencies: room.dependencies, path: "Tests/\(room.name)",
        exclude: room.name == "Fixtures" ? ["README.md", "dns", "ioc", "stix-patterns"] : [], swiftSettings: settings))
}

let shims: [String: Target] = [
  "CIDN2": .systemLibrary(name: "CIDN2", pkgConfig: "libidn2", providers: [.apt(["libidn2-dev"])]),
  "CMaxMindDB": .systemLibrary(
    name: "CMaxMindDB", pkgConfig: "libmaxminddb", providers: [.apt(["libmaxminddb-dev"])]),
  "CUnbound": .systemLibrary(name: "CUnbound", providers: [.apt(["libunbound-dev"])]),
  "CZlib": .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
  "CZstd": .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
  "CSockets": .target(name: "CSockets"),
  "CTrust": .target(name: "CTrust", linkerSettings: [.linkedLibrary("crypto")]),
]
let taken = Set(rooms.flatMap(\.libraries))
targets += shims.filter { taken.contains("#" + $0.key) }.map(\.value)

/// Rooms that Benchmarks, a package of its own, measures.
let measured = ["Names", "DNSWire", "Indicators", "Telemetry", "Hunt"]

let packages = Set(taken.compactMap { outside[$0]?.url })

let package = Package(
  name: "nameward",
  products: (only == nil ? [.executable(name: "nameward", targets: ["nameward"])] : [])
    + measured.filter(wanted.contains).map { .library(name: $0, targets: [$0]) },
  dependencies: packages.sorted().map { url in
    .package(url: url, exact: outside.values.first { $0.url == url }!.version)
  },
  targets: targets,
  swiftLanguageModes: [.v6]
)

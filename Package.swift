// swift-tools-version: 6.2
import PackageDescription

// Every target is compiled alike: Swift 6 mode, the upcoming import rules, and no warning left standing.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

// `Tests/Fuzz/run` builds in a scratch directory of its own, with counters that tell its engine where an input led.
let isFuzzed = Context.environment["KAPWA_FUZZ_BUILD"] != nil
let counted: [SwiftSetting] = isFuzzed ? settings + [.unsafeFlags(["-sanitize=fuzzer"])] : settings

func library(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: counted)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let collections = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")

let package = Package(
    name: "kapwa",
    platforms: [.macOS(.v26)],
    products: [
        .executable(name: "kapwa", targets: ["kapwa"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections.git", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.34.1"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(name: "CZeroMQ"),
        .target(
            name: "CSimdjson",
            cxxSettings: [.unsafeFlags(["-std=c++17"] + (isFuzzed ? ["-fsanitize=fuzzer-no-link"] : []))],
            linkerSettings: [.linkedLibrary("simdjson")]),
        library("KapwaDomain", []),
        library("KapwaSentiment", ["KapwaDomain"]),
        library("KapwaRules", ["KapwaDomain", "Yams"]),
        library("KapwaRouting", ["KapwaDomain", "KapwaRules", collections, heap]),
        library(
            "KapwaJournal",
            [
                "KapwaDomain", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Crypto", package: "swift-crypto"), logging,
            ]),
        library("KapwaWire", ["KapwaDomain", "CSimdjson"]),
        library("KapwaTransport", ["KapwaDomain", "CZeroMQ"]),
        library("KapwaMetrics", ["KapwaDomain", .product(name: "CoreMetrics", package: "swift-metrics")]),
        library(
            "KapwaConsole",
            [
                "KapwaDomain", "KapwaWire", "KapwaMetrics", .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                logging,
            ]),
        library(
            "KapwaDaemon",
            [
                "KapwaDomain", "KapwaSentiment", "KapwaRules", "KapwaRouting", "KapwaJournal", "KapwaWire",
                "KapwaTransport", "KapwaMetrics", "KapwaConsole",
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"), logging,
            ]),
        library("KapwaSimulation", ["KapwaDomain", "KapwaRules", "KapwaRouting"]),
        .executableTarget(
            name: "kapwa",
            dependencies: [
                "KapwaDomain", "KapwaSentiment", "KapwaRules", "KapwaRouting", "KapwaJournal", "KapwaWire",
                "KapwaTransport", "KapwaMetrics", "KapwaConsole", "KapwaDaemon", "KapwaSimulation",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"), logging,
            ],
            swiftSettings: settings),
        tests("KapwaDomainTests", ["KapwaDomain"]),
        tests("KapwaRulesTests", ["KapwaRules", "KapwaDomain"]),
        tests("KapwaSentimentTests", ["KapwaSentiment", "KapwaDomain"]),
        tests("KapwaRoutingTests", ["KapwaRouting", "KapwaRules", "KapwaDomain"]),
        .target(
            name: "JournalTorture",
            dependencies: [
                "KapwaJournal", "KapwaSimulation", "KapwaDomain", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            path: "Tests/JournalTorture", swiftSettings: settings),
        .executableTarget(
            name: "torture", dependencies: ["JournalTorture", "KapwaSimulation"], path: "Tests/Torture",
            swiftSettings: settings),
        tests(
            "KapwaJournalTests",
            ["KapwaJournal", "KapwaDomain", "JournalTorture", .product(name: "GRDB", package: "GRDB.swift")]),
        tests("KapwaWireTests", ["KapwaWire", "KapwaDomain"]),
        tests("KapwaTransportTests", ["KapwaTransport", "KapwaDomain", "CZeroMQ"]),
        tests(
            "KapwaMetricsTests",
            ["KapwaMetrics", "KapwaDomain", .product(name: "CoreMetrics", package: "swift-metrics")]),
        tests(
            "KapwaConsoleTests",
            [
                "KapwaConsole", "KapwaMetrics", "KapwaDomain",
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"), logging,
            ]),
        tests(
            "KapwaDaemonTests",
            [
                "KapwaDaemon", "KapwaConsole", "KapwaDomain", "KapwaJournal", "KapwaMetrics", "KapwaRouting",
                "KapwaRules",
                "KapwaSentiment", "KapwaTransport", "KapwaWire", logging,
            ]),
        .executableTarget(
            name: "seeds", dependencies: ["KapwaSimulation"], path: "Tests/Seeds", swiftSettings: settings),
        tests(
            "KapwaSimulationTests",
            ["KapwaSimulation", "KapwaSentiment", "KapwaRouting", "KapwaRules", "KapwaDomain"]),
        tests("KapwaCommandTests", ["kapwa", "KapwaDomain", "KapwaRules", "KapwaRouting"]),
        .target(
            name: "FuzzChecks",
            dependencies: ["KapwaWire", "KapwaTransport", "KapwaRules", "KapwaJournal", "KapwaDomain"],
            path: "Tests/FuzzChecks", swiftSettings: settings),
        tests("FuzzTests", ["FuzzChecks"]),
        tests("TidyTests", []),
    ]
)

if isFuzzed {
    package.targets.append(
        .executableTarget(
            name: "fuzz", dependencies: ["FuzzChecks"], path: "Tests/Fuzz/Guided", swiftSettings: settings))
}

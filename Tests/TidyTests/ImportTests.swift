import Foundation
import Testing

/// Arrows point one way. The package manager does not see an import of what a dependency depends on; this does.
@Suite struct ImportTests {
    /// What each target may import besides the toolchain's own: `docs/architecture.md` says why.
    static let allowed: [String: Set<String>] = [
        "KapwaDomain": [],
        "KapwaSentiment": ["KapwaDomain"],
        "KapwaRules": ["KapwaDomain", "Yams"],
        "KapwaRouting": ["KapwaDomain", "KapwaRules", "DequeModule", "HeapModule"],
        "KapwaJournal": ["KapwaDomain", "GRDB", "GRDBSQLite", "Crypto"],
        "KapwaWire": ["KapwaDomain", "CSimdjson"],
        "KapwaTransport": ["KapwaDomain", "CZeroMQ"],
        "KapwaMetrics": ["KapwaDomain", "CoreMetrics"],
        "KapwaConsole": [
            "KapwaDomain", "KapwaWire", "KapwaMetrics", "HummingbirdCore", "HummingbirdTLS", "HTTPTypes", "NIOCore",
            "NIOHTTPTypes", "NIOPosix", "NIOSSL",
        ],
        "KapwaDaemon": [
            "KapwaDomain", "KapwaSentiment", "KapwaRules", "KapwaRouting", "KapwaJournal", "KapwaWire",
            "KapwaTransport", "KapwaMetrics", "KapwaConsole", "ServiceLifecycle",
        ],
        "KapwaSimulation": ["KapwaDomain", "KapwaSentiment", "KapwaRules", "KapwaRouting", "KapwaJournal"],
        "kapwa": [
            "KapwaDomain", "KapwaSentiment", "KapwaRules", "KapwaRouting", "KapwaJournal", "KapwaWire",
            "KapwaTransport", "KapwaMetrics", "KapwaConsole", "KapwaDaemon", "KapwaSimulation", "ArgumentParser",
            "ServiceLifecycle", "UnixSignals",
        ],
    ]
    static let toolchain: Set<String> = ["Foundation", "Glibc", "Synchronization", "Dispatch", "Logging"]
    /// These import what their row says and nothing else.
    static let strict: Set<String> = ["KapwaDomain", "KapwaRouting"]

    @Test("every import stands in the table")
    func imports() throws {
        let files = try Tree.swiftFiles("Sources")
        #expect(files.count > 50, "the sources were found")
        for file in files {
            let allowed = try #require(Self.allowed[file.target], "\(file.path): no row for target \(file.target)")
            for (index, line) in file.lines.enumerated() {
                guard let module = Self.module(line) else { continue }
                let isAllowed =
                    allowed.contains(module)
                    || (!Self.strict.contains(file.target) && Self.toolchain.contains(module))
                #expect(isAllowed, "\(file.path):\(index + 1): \(file.target) may not import \(module)")
            }
        }
    }

    @Test("every row has a target, and every target imports what its row says")
    func rowsAreUsed() throws {
        let files = try Tree.swiftFiles("Sources")
        for (target, modules) in Self.allowed {
            let imported = Set(files.filter { $0.target == target }.flatMap { $0.lines.compactMap(Self.module) })
            #expect(!imported.isEmpty || modules.isEmpty, "\(target) imports nothing: is it still there?")
        }
    }

    /// The module of an import line; `nil` for any other line.
    static func module(_ line: String) -> String? {
        var words = line.split(separator: " ").map(String.init)
        let prefixes: Set<String> = ["public", "internal", "private", "fileprivate", "package", "@testable"]
        while let first = words.first, prefixes.contains(first) { words.removeFirst() }
        guard words.first == "import", words.count >= 2 else { return nil }
        let kinds: Set<String> = ["struct", "class", "enum", "func", "protocol", "typealias", "var", "let"]
        let name = kinds.contains(words[1]) && words.count > 2 ? words[2] : words[1]
        return name.split(separator: ".").first.map(String.init)
    }
}

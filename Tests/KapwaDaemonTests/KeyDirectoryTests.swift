import Foundation
import KapwaDomain
import KapwaTransport
import Logging
import Synchronization
import Testing

@testable import KapwaDaemon

@Suite struct KeyDirectoryTests {
    private static let now = Instant(milliseconds: 1_795_000_000_000)

    private func withDirectory(_ body: (KeyDirectory, URL) throws -> Void) throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "kapwa-keys-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: url) }
        try body(KeyDirectory(data: url.appending(path: "data").path(percentEncoded: false)), url)
    }

    private func record(
        _ name: String, _ role: Role = .middleware, tenant: String? = nil, queues: [String] = [], agents: [String] = [],
        allAgents: Bool = false
    ) throws(StartFailure) -> KeyRecord {
        try KeyRecord(
            name: name, role: role, tenant: tenant, queues: queues, agents: agents, allAgents: allAgents,
            madeAt: Self.now)
    }

    private func mode(_ path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    private func path(_ url: URL, _ name: String) -> String { url.appending(path: name).path(percentEncoded: false) }

    @Test("a key's public half is kept with what its owner may do, its secret half in the owner's file alone")
    func making() throws {
        try withDirectory { directory, url in
            let out = path(url, "desk.secret")
            let made = try directory.make(
                try record("desk", tenant: "south", queues: ["food"], agents: ["ana", "ben"]), out: out)
            let held = try SecretFile.read(out)
            #expect(held.pair.publicKey == made.publicKey)
            #expect(held.name == "desk")
            #expect(held.server == (try directory.serverKey().publicKey))
            #expect(try mode(out) == 0o600)
            #expect(try mode(directory.path) == 0o700)
            for name in ["desk.key", "server.secret"] {
                #expect(try mode(directory.path + "/" + name) == 0o600, "\(name)")
            }
            let kept = try String(contentsOfFile: directory.path + "/desk.key", encoding: .utf8)
            #expect(!kept.contains(held.pair.secret.text))
            #expect(try directory.list() == [made])
            let caller = Caller(
                key: "desk", roles: [.middleware], tenant: "south", queues: ["food"], agents: .these(["ana", "ben"]))
            #expect(try directory.read().keyring == Keyring(callers: [made.publicKey: caller]))
        }
    }

    @Test("nothing is written over: no key, no secret")
    func overwriting() throws {
        try withDirectory { directory, url in
            _ = try directory.make(try record("crm"), out: path(url, "a"))
            #expect(throws: StartFailure.self) { try directory.make(record("crm"), out: path(url, "b")) }
            #expect(!FileManager.default.fileExists(atPath: path(url, "b")))
            let before = try SecretFile.read(path(url, "a")).pair
            #expect(throws: StartFailure.self) { try directory.make(record("other"), out: path(url, "a")) }
            #expect(try SecretFile.read(path(url, "a")).pair == before)
            #expect(try directory.list().map(\.name) == ["crm"])
        }
    }

    @Test("a revoked key opens nothing, whatever comes of its name and its file")
    func revoking() throws {
        try withDirectory { directory, url in
            let first = try directory.make(try record("crm"), out: path(url, "a"))
            let file = directory.path + "/crm.key"
            let kept = try Data(contentsOf: URL(filePath: file))
            let revoked = try directory.revoke("crm", at: Self.now)
            #expect(revoked.revokedAt == Self.now)
            #expect(try directory.read().keyring == Keyring(revoked: [first.publicKey]))
            #expect(throws: StartFailure.self) { try directory.revoke("crm", at: Self.now) }
            // The name may be given again; the old file brought back under another one opens nothing.
            let second = try directory.make(try record("crm", .observer), out: path(url, "b"))
            try kept.write(to: URL(filePath: directory.path + "/old.key"))
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o600], ofItemAtPath: directory.path + "/old.key")
            let reading = try directory.read()
            #expect(reading.keyring.callers.keys.sorted() == [second.publicKey])
            #expect(reading.keyring.revoked == [first.publicKey])
            #expect(reading.faults.count == 1)
        }
    }

    @Test("a file that others could have changed, and one that is none, open nothing; the others do")
    func faults() throws {
        try withDirectory { directory, url in
            let good = try directory.make(try record("good"), out: path(url, "a"))
            _ = try directory.make(try record("open"), out: path(url, "b"))
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o666], ofItemAtPath: directory.path + "/open.key")
            try "role: king\n".write(toFile: directory.path + "/none.key", atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o600], ofItemAtPath: directory.path + "/none.key")
            let reading = try directory.read()
            #expect(reading.keyring.callers.keys.sorted() == [good.publicKey])
            #expect(reading.faults.map(\.code).sorted { $0.rawValue < $1.rawValue } == [.badData, .configuration])
            #expect(reading.faults.contains { $0.description.contains("none.key:1:7") })
        }
    }

    @Test("a secret that others can read, and what is no secret at all, are refused without showing anything of it")
    func secrets() throws {
        try withDirectory { directory, url in
            _ = try directory.make(try record("crm"), out: path(url, "a"))
            let secret = try SecretFile.read(path(url, "a")).pair.secret.text
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path(url, "a"))
            var failure = #expect(throws: StartFailure.self) { try SecretFile.read(path(url, "a")) }
            #expect(failure?.code == .configuration)
            #expect(failure?.description.contains(secret) == false)
            try "{\"secret\":\"confidential\"}".write(toFile: path(url, "b"), atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path(url, "b"))
            failure = #expect(throws: StartFailure.self) { try SecretFile.read(path(url, "b")) }
            #expect(failure?.description.contains("confidential") == false)
        }
    }

    @Test(
        "what does not go together is no key",
        arguments: [
            ("a/b", Role.middleware, nil, [], [], false), ("", .middleware, nil, [], [], false),
            (".hidden", .middleware, nil, [], [], false), ("k", .middleware, "No", [], [], false),
            ("k", .worker, "main", [], [], false), ("k", .worker, nil, ["food"], [], false),
            ("k", .agent, nil, [], [], false), ("k", .agent, nil, [], ["ana", "ben"], false),
            ("k", .agent, nil, [], ["ana"], true), ("k", .observer, nil, [], ["ana"], false),
            ("k", .auditor, nil, [], [], true), ("k", .wellbeing, nil, ["food"], [], false),
            ("k", .middleware, nil, [], ["a b"], false), ("k", .middleware, nil, [], ["ana"], true),
        ] as [(String, Role, String?, [String], [String], Bool)])
    func shapes(name: String, role: Role, tenant: String?, queues: [String], agents: [String], all: Bool) {
        #expect(throws: StartFailure.self) {
            try record(name, role, tenant: tenant, queues: queues, agents: agents, allAgents: all)
        }
    }

    @Test("an auditor shows a key once one was ever made, and of no other role or tenant")
    func auditors() throws {
        try withDirectory { directory, url in
            #expect(try directory.auditor(showing: nil, tenant: "main") == nil)
            _ = try directory.make(try record("audit", .auditor), out: path(url, "audit"))
            _ = try directory.make(try record("crm"), out: path(url, "crm"))
            #expect(try directory.auditor(showing: path(url, "audit"), tenant: "main") == "audit")
            #expect(throws: StartFailure.self) { try directory.auditor(showing: nil, tenant: "main") }
            #expect(throws: StartFailure.self) { try directory.auditor(showing: path(url, "audit"), tenant: "south") }
            #expect(throws: StartFailure.self) { try directory.auditor(showing: path(url, "crm"), tenant: "main") }
            _ = try directory.revoke("audit", at: Self.now)
            #expect(throws: StartFailure.self) { try directory.auditor(showing: path(url, "audit"), tenant: "main") }
        }
    }

    @Test("a running daemon sees a key made, changed and revoked, and nothing when nothing was")
    func watching() throws {
        try withDirectory { directory, url in
            var layer = Settings.Layer()
            layer.data = path(url, "data")
            let seen = Mutex<[Keyring]>([])
            let watch = KeyWatch(
                directory, fingerprint: [], keyring: Keyring(), try Settings([layer], defaultModels: ""),
                logger: Logger(label: "test")
            ) { keyring in seen.withLock { $0.append(keyring) } }
            watch.check()
            #expect(seen.withLock { $0 }.isEmpty)
            let made = try directory.make(try record("crm"), out: path(url, "a"))
            watch.check()
            watch.check()
            #expect(seen.withLock { $0 } == [Keyring(callers: [made.publicKey: made.caller])])
            #expect(watch.count == 1)
            let file = directory.path + "/crm.key"
            let text = try String(contentsOfFile: file, encoding: .utf8)
            try text.replacing("role: middleware", with: "role: observer").write(
                toFile: file, atomically: false, encoding: .utf8)
            watch.check()
            #expect(seen.withLock { $0.last?.callers[made.publicKey]?.roles } == [.observer])
            _ = try directory.revoke("crm", at: Self.now)
            watch.check()
            #expect(seen.withLock { $0.last } == Keyring(revoked: [made.publicKey]))
            #expect(watch.count == 0)
        }
    }
}

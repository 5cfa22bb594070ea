import Foundation
import KapwaDomain
import KapwaTransport
import Testing

@testable import KapwaDaemon

@Suite struct SettingsTests {
    private func layer(_ fill: (inout Settings.Layer) -> Void) -> Settings.Layer {
        var layer = Settings.Layer()
        fill(&layer)
        return layer
    }

    @Test("the first layer that says something counts, and what nobody says has its default")
    func layers() throws {
        let settings = try Settings(
            [
                layer { $0.data = "/options" },
                layer {
                    $0.data = "/environment"
                    $0.http = "127.0.0.1:1"
                },
                layer {
                    $0.http = "127.0.0.1:2"
                    $0.scoringThreads = 0
                },
            ], defaultModels: "/models")
        #expect(settings.data == "/options")
        #expect(settings.http == "127.0.0.1:1")
        #expect(settings.scoringThreads == 0)
        #expect(settings.commands == "tcp://127.0.0.1:7411")
        #expect(settings.models == "/models")
        #expect(settings.tenants == ["main"])
    }

    @Test("a configuration file says for how long what is kept, within bounds; thirty days where it does not")
    func keeping() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "kapwa-\(UUID().uuidString).yaml")
            .path(percentEncoded: false)
        defer { try? FileManager.default.removeItem(atPath: path) }
        func settings(_ journal: String) throws -> Settings {
            try Data("data: /data\njournal: {\(journal)}\n".utf8).write(to: URL(filePath: path))
            return try Settings([Settings.Layer(file: path)], defaultModels: "/models")
        }
        let silent = try settings("snapshot_every: 10m")
        #expect(silent.keep == nil && silent.keepEvidence == .days(30) && silent.keepSensitive == .days(30))
        let told = try settings("keep: 90d, keep_evidence: 7d, keep_sensitive: 14d")
        #expect(told.keep == .days(90) && told.keepEvidence == .days(7) && told.keepSensitive == .days(14))
        for wrong in ["keep_sensitive: 12h", "keep_sensitive: 4000d", "keep_sensitive: long"] {
            #expect(throws: StartFailure.self, "\(wrong)") { try settings(wrong) }
        }
    }

    @Test("without a data directory there is no start, and the message says how to name one")
    func dataIsRequired() {
        let failure = #expect(throws: StartFailure.self) { try Settings([], defaultModels: "/models") }
        #expect(failure?.code == .usage)
        #expect(failure?.description.contains("--data") == true)
    }

    @Test(
        "a tenant that is no name, and the same one twice, are refused", arguments: [["Main"], ["a", "a"], [""], []])
    func tenants(names: [String]) {
        let failure = #expect(throws: StartFailure.self) {
            try Settings(
                [
                    layer {
                        $0.data = "/data"
                        $0.tenants = names
                    }
                ], defaultModels: "/models")
        }
        #expect(failure?.code == .configuration)
    }

    @Test(
        "without keys nothing is served to other machines",
        arguments: ["tcp://0.0.0.0:7411", "tcp://*:7411", "tcp://eth0:7411", "tcp://192.0.2.1:7411", "tcp://[::]:7411"])
    func loopbackOnly(endpoint: String) throws {
        for keys in [nil, "auto", "loopback_open"] {
            let settings = try Settings(
                [
                    layer {
                        $0.data = "/data"
                        $0.commands = endpoint
                        $0.keys = keys
                    }
                ], defaultModels: "/models")
            let failure = #expect(throws: StartFailure.self) { try Doors.keyedSockets(settings, hasKeys: false) }
            #expect(failure?.code == .configuration)
            #expect(failure?.description.contains("kapwa keys new") == true)
            // On this machine the others are as they were: asked for everywhere, or only where it must be.
            let keyed = try Doors.keyedSockets(settings, hasKeys: true)
            #expect(keyed == (keys == "loopback_open" ? [.commands] : [.commands, .events]))
        }
        for endpoint in [
            "tcp://127.0.0.1:*", "tcp://localhost:1", "tcp://[::1]:1", "ipc:///tmp/x", "tcp://127.9.9.9:0",
        ] {
            #expect(Loopback.holds(endpoint), "\(endpoint)")
        }
    }

    @Test(
        "on this machine keys are asked for as the setting says",
        arguments: [
            ("auto", false, []), ("auto", true, [.commands, .events, .workers]),
            ("required", false, [.commands, .events, .workers]), ("required", true, [.commands, .events, .workers]),
            ("loopback_open", false, []), ("loopback_open", true, []),
        ] as [(String, Bool, Set<SocketName>)])
    func demand(keys: String, hasKeys: Bool, sockets: Set<SocketName>) throws {
        let settings = try Settings(
            [
                layer {
                    $0.data = "/data"
                    $0.workers = "ipc:///tmp/workers"
                    $0.keys = keys
                }
            ], defaultModels: "/models")
        #expect(try Doors.keyedSockets(settings, hasKeys: hasKeys) == sockets)
    }

    @Test(
        """
        an unknown word for when keys are asked for is refused, HTTP for other machines without a certificate, one \
        without its key, and names that are none
        """)
    func refusals() {
        for fill in [
            { $0.keys = "sometimes" }, { $0.http = "0.0.0.0:1" }, { $0.http = "127.0.0.1.evil.example:1" },
            { $0.httpCertificate = "c.pem" }, { $0.httpKey = "k.pem" }, { $0.httpNames = ["kapwa.example:443"] },
            { $0.httpNames = [""] },
        ] as [(inout Settings.Layer) -> Void] {
            let failure = #expect(throws: StartFailure.self) {
                try Settings(
                    [
                        layer {
                            $0.data = "/data"
                            fill(&$0)
                        }
                    ], defaultModels: "/models")
            }
            #expect(failure?.code == .configuration)
        }
    }

    @Test("with a certificate HTTP may serve other machines")
    func certificate() throws {
        let settings = try Settings(
            [
                layer {
                    $0.data = "/data"
                    $0.http = "0.0.0.0:443"
                    ($0.httpCertificate, $0.httpKey) = ("c.pem", "k.pem")
                    $0.httpNames = ["kapwa.example"]
                }
            ], defaultModels: "/models")
        #expect(settings.http == "0.0.0.0:443")
        #expect(settings.httpNames == ["kapwa.example"])
    }

    @Test("KAPWA_… is read, lists at their commas")
    func environment() throws {
        let layer = try Settings.Layer(environment: [
            "KAPWA_DATA": "/data", "KAPWA_TENANTS": "one,two", "KAPWA_SCORING_THREADS": "3",
        ])
        let settings = try Settings([layer], defaultModels: "/models")
        #expect(settings.tenants == ["one", "two"])
        #expect(settings.scoringThreads == 3)
        #expect(throws: StartFailure.self) { try Settings.Layer(environment: ["KAPWA_SCORING_THREADS": "many"]) }
    }

    @Test("an unknown key of the configuration file is an error with its line")
    func unknownKey() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "kapwa-\(UUID().uuidString).yaml")
        try Data("data: /data\ncomands: tcp://127.0.0.1:1\n".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let failure = #expect(throws: StartFailure.self) {
            try Settings.Layer(file: file.path(percentEncoded: false))
        }
        #expect(failure?.code == .configuration)
        #expect(failure?.description.contains(":2:1:") == true)
        #expect(failure?.description.contains("commands") == true)
    }

    @Test("the documented configuration file names every key and holds")
    func documentedFile() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let layer = try Settings.Layer(file: root.appending(path: "deploy/kapwa.yaml").path(percentEncoded: false))
        let text = try String(contentsOf: root.appending(path: "deploy/kapwa.yaml"), encoding: .utf8)
        for key in Settings.Layer.keys {
            let isThere = [": ", ":\n"].contains { text.contains("\n\(key)\($0)") || text.contains("\n# \(key)\($0)") }
            #expect(isThere, "\(key) is not documented")
        }
        let settings = try Settings([self.layer { $0.data = "/data" }, layer], defaultModels: "/models")
        let plain = try Settings([self.layer { $0.data = "/data" }], defaultModels: "/models")
        #expect("\(settings)" == "\(plain)", "the file shows the defaults")
    }
}

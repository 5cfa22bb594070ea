import Foundation
import KapwaDaemon
import KapwaTransport
import Logging

/// What the demo is played on: a daemon of this process on free ports, and two worker processes.
final class DemoStage: Sendable {
    let daemon: Daemon
    let speed: Int
    let directory: String
    private let isKept: Bool
    private let workers: WorkerProcesses

    init(models: String, speed: Int, keep: String?) throws(StartFailure) {
        directory =
            keep
            ?? FileManager.default.temporaryDirectory.appending(path: "kapwa-demo-\(UUID().uuidString)")
            .path(percentEncoded: false)
        isKept = keep != nil
        self.speed = speed
        var layer = Settings.Layer()
        layer.data = directory
        layer.rules = URL(filePath: models).appending(path: "demo/rules.yaml").path(percentEncoded: false)
        layer.commands = "tcp://127.0.0.1:*"
        layer.events = "tcp://127.0.0.1:*"
        layer.workers = "tcp://127.0.0.1:*"
        layer.scoringThreads = 0
        var settings = try Settings([layer], defaultModels: models)
        settings.speed = speed
        daemon = try Daemon(settings, logger: Logs.logger("kapwa", level: "error"))
        guard let endpoint = daemon.endpoints.workers.first else {
            throw StartFailure(.unavailable, "the workers socket could not be bound")
        }
        workers = try WorkerProcesses(2, endpoint: endpoint, models: models)
    }

    func close() {
        workers.stop()
        daemon.stop()
        if let failure = daemon.join() { Failing.say("kapwa: \(failure)") }
        guard !isKept else { return }
        do {
            try FileManager.default.removeItem(atPath: directory)
        } catch {
            Failing.say("kapwa: \(directory) could not be removed: \(error.localizedDescription)")
        }
    }
}

/// `kapwa worker` as child processes, ended with this one.
final class WorkerProcesses: Sendable {
    private let identifiers: [Int32]

    init(_ count: Int, endpoint: String, models: String) throws(StartFailure) {
        var identifiers: [Int32] = []
        for _ in 0..<count {
            let process = Process()
            process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
            process.arguments = [
                "worker", "--connect", endpoint, "--models", models, "--parent", "\(getpid())",
            ]
            process.standardError = FileHandle.nullDevice
            do {
                try process.run()
            } catch {
                throw StartFailure(.unavailable, "a worker process could not be started: \(error.localizedDescription)")
            }
            identifiers.append(process.processIdentifier)
        }
        self.identifiers = identifiers
    }

    var count: Int { identifiers.count }

    func stop() {
        for identifier in identifiers { kill(identifier, SIGTERM) }
    }
}

import ArgumentParser
import Foundation
import KapwaDaemon
import KapwaTransport

/// How a command shows who it is to a daemon that asks.
struct KeyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Your key, the file that kapwa keys new wrote (KAPWA_KEY); only where the daemon asks for one.",
            valueName: "file"))
    var key: String?
    @Option(
        help: ArgumentHelp(
            "The daemon's public key, or a file with it (KAPWA_SERVER_KEY); without: the one in your key's file.",
            valueName: "key"))
    var serverKey: String?

    /// The file of the key, from the option or the environment.
    var file: String? { key ?? Self.environment("KAPWA_KEY") }

    /// What to show; `nil`: nothing.
    func clientKey() throws(StartFailure) -> ClientKey? {
        guard let file else {
            guard serverKey == nil else {
                throw StartFailure(.usage, "--server-key goes with --key: who is to be known shows a key")
            }
            return nil
        }
        let held = try SecretFile.read(file)
        guard let server = try (serverKey ?? Self.environment("KAPWA_SERVER_KEY")).map(Self.publicKey) ?? held.server
        else {
            throw StartFailure(
                .usage, "\(file) does not say whose key it is; name the daemon's public key with --server-key")
        }
        return ClientKey(pair: held.pair, server: server)
    }

    private static func environment(_ name: String) -> String? {
        let value = ProcessInfo.processInfo.environment[name]
        return value?.isEmpty == true ? nil : value
    }

    /// A public key as such, or the one that stands alone in a file.
    private static func publicKey(_ text: String) throws(StartFailure) -> String {
        if CurveKey.isKey(text) { return text }
        guard let content = try? String(contentsOfFile: text, encoding: .utf8) else {
            throw StartFailure(
                .usage, "--server-key is neither a public key of 40 characters nor a file that can be read: \(text)")
        }
        let key = content.trimmingCharacters(in: .whitespacesAndNewlines)
        guard CurveKey.isKey(key) else {
            throw StartFailure(.badData, "\(text) has no public key in it; kapwa keys show-server prints the daemon's")
        }
        return key
    }
}

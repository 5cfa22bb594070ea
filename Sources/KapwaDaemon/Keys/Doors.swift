import KapwaDomain
import KapwaTransport
import Logging

/// When keys are asked for.
public enum KeyDemand: String, CaseIterable, Sendable {
    /// Everywhere once a key was made; before that nowhere, and only this machine is served.
    case auto
    /// Everywhere.
    case required
    /// Wherever other machines can come to; on this machine nobody has to show one.
    case loopbackOpen = "loopback_open"
}

/// Which sockets ask for keys, and who is let in.
struct Doors {
    let directory: KeyDirectory
    /// Of the directory, before it was read.
    let fingerprint: [String]
    /// `nil`: no socket asks for a key.
    let authentication: Authentication?

    /// - Throws: ``StartFailure`` when others could come in without a key, or a key's file is not what it should be.
    init(_ settings: Settings, logger: Logger) throws(StartFailure) {
        directory = KeyDirectory(data: settings.data)
        fingerprint = directory.fingerprint()
        let reading = try directory.read()
        let sockets = try Self.keyedSockets(settings, hasKeys: reading.hasKeys)
        guard !sockets.isEmpty else {
            authentication = nil
            return
        }
        if let fault = reading.faults.first {
            throw StartFailure(fault.code, reading.faults.map(\.description).joined(separator: "\n"))
        }
        let server = try directory.serverKey()
        authentication = Authentication(secret: server.secret, sockets: sockets, keyring: reading.keyring)
        Self.tell(reading, settings, logger)
        logger.notice(
            "keys are asked for",
            metadata: [
                "sockets": "\(SocketName.allCases.filter(sockets.contains).map(\.rawValue).joined(separator: ", "))",
                "keys": "\(reading.records.count)", "server_key": "\(server.publicKey)",
            ])
    }

    /// The sockets on which keys are asked for.
    ///
    /// - Parameter hasKeys: whether a key was ever made here.
    static func keyedSockets(_ settings: Settings, hasKeys: Bool) throws(StartFailure) -> Set<SocketName> {
        var keyed: Set<SocketName> = []
        let endpoints = [
            (SocketName.commands, settings.commands), (.events, settings.events), (.workers, settings.workers ?? ""),
        ]
        for (name, endpoint) in endpoints where !endpoint.isEmpty {
            let isOurs = Loopback.holds(endpoint)
            switch settings.keys {
            case .required: keyed.insert(name)
            case .auto where isOurs: if hasKeys { keyed.insert(name) }
            case .loopbackOpen where isOurs: break
            case .auto, .loopbackOpen:
                guard hasKeys else { throw Loopback.refusal(endpoint) }
                keyed.insert(name)
            }
        }
        return keyed
    }

    /// Says what a reading of the keys found that somebody should know.
    static func tell(_ reading: KeyDirectory.Reading, _ settings: Settings, _ logger: Logger) {
        for fault in reading.faults {
            for line in fault.description.split(separator: "\n").prefix(3) {
                logger.error("a key opens nothing until it is mended: \(line)")
            }
        }
        for record in reading.records {
            if let tenant = record.tenant, !settings.tenants.contains(tenant) {
                logger.warning("key \"\(record.name)\" belongs to tenant \(tenant), which is not in the configuration")
            }
        }
        if reading.records.isEmpty { logger.warning("there is no key that holds: nobody can come in") }
    }
}

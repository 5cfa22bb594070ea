import Glibc
import KapwaConsole
import KapwaDomain
import KapwaMetrics
import Logging
import Synchronization

/// The token, the certificate and the names of the HTTP side, from their files.
enum HTTPDoor {
    /// - Throws: ``StartFailure`` for a file that is missing, no such thing, or open to others.
    static func open(_ settings: Settings, metrics: KapwaMetricSet, logger: Logger) throws(StartFailure) -> ConsoleDoor
    {
        let notices = Notices(logger)
        return ConsoleDoor(
            token: try HTTPToken.load(data: settings.data), names: settings.httpNames,
            certificate: try certificate(settings)
        ) { refusal, peer in
            metrics.access.httpRefusals[refusal].add()
            notices.tell(refusal, peer)
        }
    }

    /// `nil` where none is configured.
    static func certificate(_ settings: Settings) throws(StartFailure) -> ConsoleCertificate? {
        guard let certificate = settings.httpCertificate, let key = settings.httpKey else { return nil }
        let chain = try FileReading.bytes(
            certificate, what: "the HTTP certificate", most: Limits.httpCertificateBytesMax)
        let (secret, status) = try OwnFile.read(key, what: "the HTTP key", most: Limits.httpCertificateBytesMax)
        guard status.st_mode & 0o077 == 0 else {
            throw StartFailure(.configuration, "others than its owner can read the HTTP key \(key); chmod 600 it")
        }
        do {
            return try ConsoleCertificate(certificate: chain, key: secret)
        } catch {
            throw StartFailure(.badData, "\(certificate), \(key): \(error)")
        }
    }

    /// Reads token and certificate again.
    static func refresh(_ door: ConsoleDoor, _ settings: Settings) throws(StartFailure) {
        let token = try HTTPToken.load(data: settings.data)
        if let certificate = try certificate(settings) { door.use(certificate: certificate) }
        door.use(token: token)
    }

    /// Says who was turned away, but not a thousand times a second.
    private final class Notices: Sendable {
        private let logger: Logger
        private let spent = Mutex((second: Milliseconds(0), count: 0))

        init(_ logger: Logger) { self.logger = logger }

        func tell(_ refusal: HTTPRefusal, _ peer: String) {
            let second = DaemonClock.wall().milliseconds / 1_000
            let isTold = spent.withLock { spent in
                if spent.second != second { spent = (second, 0) }
                spent.count += 1
                return spent.count <= Limits.authNoticesPerSecondMax
            }
            guard isTold else { return }
            logger.notice("turned away over HTTP", metadata: ["reason": "\(refusal.rawValue)", "address": "\(peer)"])
        }
    }
}

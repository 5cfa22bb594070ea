import Foundation
import HTTPTypes
import HummingbirdCore
import HummingbirdTLS
import KapwaDomain
public import Logging
import NIOCore
import NIOPosix

/// The HTTP side of Kapwa: metrics, health, limits, explanations and a page that lists them. Reads only.
///
/// ``run()`` serves until the surrounding service group shuts down gracefully, or the task is cancelled.
public struct Console: Sendable {
    private let source: any ConsoleSource
    private let address: ConsoleAddress
    private let door: ConsoleDoor
    private let logger: Logger
    private let onListening: @Sendable (ConsoleAddress) -> Void

    /// - Parameters:
    ///   - address: Where to listen; port 0 takes a free one.
    ///   - source: What there is to show.
    ///   - door: What whoever comes has to show.
    ///   - logger: Requests at `debug`.
    ///   - onListening: Told once, with the port that was taken, before the first request is answered.
    public init(
        address: ConsoleAddress, source: any ConsoleSource, door: ConsoleDoor, logger: Logger,
        onListening: @escaping @Sendable (ConsoleAddress) -> Void = { _ in }
    ) {
        self.address = address
        self.source = source
        self.door = door
        self.logger = logger
        self.onListening = onListening
    }

    /// Listens and answers until it is told to stop.
    ///
    /// - Throws: ``ConsoleError`` when it cannot listen there.
    public func run() async throws {
        let door = door
        let crowd = Crowd(places: Limits.httpConnectionsMax) { peer in
            door.refused(.crowded, FailureCount.peer(peer))
        }
        let responder = Responder(
            routes: Routes(source: source), gate: Gate(door: door, address: address), crowd: crowd, logger: logger)
        let plain = HTTP1Channel(
            responder: { request, writer, channel in
                try await responder.respond(to: request, writer, channel)
            },
            configuration: .init(
                additionalChannelHandlers: [HandshakeWatch(door)],
                idleTimeout: .milliseconds(Limits.httpIdleMax),
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: Limits.httpHeaderBytesMax, maxHeaderListSize: Limits.httpHeaderBytesMax,
                    maxHeaderFieldCount: Limits.httpHeadersMax)))
        guard let certificate = door.certificate else {
            return try await serve(CrowdedChannel(base: plain, crowd: crowd))
        }
        let secured = try TLSChannel(
            plain, tlsConfiguration: certificate.configuration(current: { door.certificate }))
        try await serve(CrowdedChannel(base: secured, crowd: crowd))
    }

    private func serve(_ channel: some ServerChildChannel) async throws {
        let (address, onListening) = (address, onListening)
        let server = Server(
            childChannelSetup: channel,
            // Who comes while all places are taken gets the place of another; this bounds those on their way out.
            configuration: .init(
                address: .hostname(address.host, port: address.port),
                availableConnectionsDelegate: MaximumAvailableConnections(2 * Limits.httpConnectionsMax)),
            onServerRunning: { channel in
                onListening(ConsoleAddress(host: address.host, port: channel.localAddress?.port ?? address.port))
            }, eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: Self.quiet(logger))
        do {
            try await server.run()
        } catch let error as IOError {
            throw Self.listenError(error, address)
        } catch let error as SocketAddressError {
            throw ConsoleError.cannotListen(address, reason: "\(error)")
        }
    }

    /// The server's own lines say nothing that the daemon does not say better.
    private static func quiet(_ logger: Logger) -> Logger {
        var quiet = logger
        quiet.logLevel = max(.warning, logger.logLevel)
        return quiet
    }

    private static func listenError(_ error: IOError, _ address: ConsoleAddress) -> ConsoleError {
        switch error.errnoCode {
        case EADDRINUSE: .portBusy(address)
        case EACCES, EPERM: .notPermitted(address)
        default: .cannotListen(address, reason: String(cString: strerror(error.errnoCode)))
        }
    }
}

import Foundation
import HTTPTypes
import HummingbirdCore
import KapwaDomain
public import Logging
import NIOCore
import NIOPosix

/// The HTTP side of Kapwa: metrics, health, limits and a page that lists them. Reads only.
///
/// ``run()`` serves until the surrounding service group shuts down gracefully, or the task is cancelled.
public struct Console: Sendable {
    private let source: any ConsoleSource
    private let address: ConsoleAddress
    private let logger: Logger
    private let onListening: @Sendable (ConsoleAddress) -> Void

    /// - Parameters:
    ///   - address: Where to listen; port 0 takes a free one.
    ///   - source: What there is to show.
    ///   - logger: Requests at `debug`.
    ///   - onListening: Told once, with the port that was taken, before the first request is answered.
    public init(
        address: ConsoleAddress, source: any ConsoleSource, logger: Logger,
        onListening: @escaping @Sendable (ConsoleAddress) -> Void = { _ in }
    ) {
        self.address = address
        self.source = source
        self.logger = logger
        self.onListening = onListening
    }

    /// Listens and answers until it is told to stop.
    ///
    /// - Throws: ``ConsoleError`` when it cannot listen there.
    public func run() async throws {
        let routes = Routes(source: source, isLoopback: address.isLoopback)
        let (address, logger, onListening) = (address, logger, onListening)
        let channel = HTTP1Channel(
            responder: { request, writer, _ in
                let response = await Self.response(to: request, routes)
                logger.debug(
                    "answered", metadata: ["path": "\(request.uri.path)", "status": "\(response.status.code)"])
                try await writer.write(response: response.head, body: response.body)
            },
            configuration: .init(
                idleTimeout: .milliseconds(Limits.httpIdleMax),
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: Limits.httpHeaderBytesMax, maxHeaderListSize: Limits.httpHeaderBytesMax,
                    maxHeaderFieldCount: Limits.httpHeadersMax)))
        let server = Server(
            childChannelSetup: channel,
            configuration: .init(
                address: .hostname(address.host, port: address.port),
                availableConnectionsDelegate: MaximumAvailableConnections(Limits.httpConnectionsMax)),
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

    private static func response(to request: Request, _ routes: Routes) async -> Response {
        let answer = await routes.answer(
            method: request.method.rawValue, path: request.uri.path, query: request.uri.query,
            host: request.head.authority, accept: request.headers[.accept])
        var headers = HTTPFields()
        headers[.contentType] = answer.contentType
        headers[.cacheControl] = "no-store"
        headers[.date] = HTTPDate.write(Int(Date().timeIntervalSince1970))
        headers[.server] = "kapwa"
        headers[.xContentTypeOptions] = "nosniff"
        headers[.contentSecurityPolicy] = "default-src 'none'; frame-ancestors 'none'"
        if let allow = answer.allow { headers[.allow] = allow }
        if let seconds = answer.retryAfter { headers[.retryAfter] = String(seconds) }
        let response = Response(
            status: HTTPResponse.Status(code: answer.status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
        return request.method == .head ? response.createHeadResponse() : response
    }
}

import Foundation
import HTTPTypes
import HummingbirdCore
import KapwaDomain
import Logging
import NIOCore
import NIOHTTPTypes
import NIOSSL

/// What becomes of one request: let in or turned away, answered, and the connection ended where it must be.
struct Responder: Sendable {
    /// The connection is not kept.
    private struct Ended: Error {}

    let routes: Routes
    let gate: Gate
    let crowd: Crowd
    let logger: Logger
    private let failures = FailureCount()
    private let began = ContinuousClock.now

    init(routes: Routes, gate: Gate, crowd: Crowd, logger: Logger) {
        self.routes = routes
        self.gate = gate
        self.crowd = crowd
        self.logger = logger
    }

    func respond(to request: Request, _ writer: consuming ResponseWriter, _ channel: any NIOCore.Channel) async throws {
        let isShort = try await isShort(request)
        crowd.serving(channel, true)
        defer { crowd.serving(channel, false) }
        let question = Question(
            method: request.method.rawValue, path: request.uri.path, query: request.uri.query,
            host: request.head.authority, origin: request.headers[.origin], accept: request.headers[.accept],
            authorization: request.headers[.authorization])
        let answer: Answer
        if let refusal = isShort ? gate.refusal(of: question) : .tooLarge {
            answer = turnedAway(refusal, question, FailureCount.peer(channel.remoteAddress?.ipAddress))
        } else {
            answer = await routes.answer(question, isWhole: gate.isTrusted(question))
        }
        let response = Self.response(answer, to: request)
        logger.debug("answered", metadata: ["path": "\(request.uri.path)", "status": "\(response.status.code)"])
        try await writer.write(response: response.head, body: response.body)
        if answer.closes { throw Ended() }
    }

    private func turnedAway(_ refusal: HTTPRefusal, _ question: Question, _ peer: String) -> Answer {
        gate.door.refused(refusal, peer)
        guard failures.add(peer, at: (ContinuousClock.now - began).wholeMilliseconds) else {
            return gate.answer(refusal, question)
        }
        gate.door.refused(.tooManyFailures, peer)
        return gate.answer(.tooManyFailures, question)
    }

    /// Reads over what comes behind the head, as far as it is kept to.
    private func isShort(_ request: Request) async throws -> Bool {
        guard request.headers[.contentLength] != nil || request.headers[.transferEncoding] != nil else { return true }
        var count = 0
        for try await piece in request.body {
            count += piece.readableBytes
            guard count <= Limits.httpBodyBytesMax else { return false }
        }
        return true
    }

    private static let resourcePolicy = HTTPField.Name("Cross-Origin-Resource-Policy")

    private static func response(_ answer: Answer, to request: Request) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = answer.contentType
        headers[.cacheControl] = "no-store"
        headers[.date] = HTTPDate.write(Int(Date().timeIntervalSince1970))
        headers[.server] = "kapwa"
        headers[.xContentTypeOptions] = "nosniff"
        headers[.contentSecurityPolicy] = "default-src 'none'; frame-ancestors 'none'"
        if let resourcePolicy { headers[resourcePolicy] = "same-origin" }
        if let allow = answer.allow { headers[.allow] = allow }
        if let challenge = answer.challenge { headers[.wwwAuthenticate] = challenge }
        if let seconds = answer.retryAfter { headers[.retryAfter] = String(seconds) }
        if answer.closes { headers[.connection] = "close" }
        let response = Response(
            status: HTTPResponse.Status(code: answer.status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
        return request.method == .head ? response.createHeadResponse() : response
    }
}

extension Duration {
    fileprivate var wholeMilliseconds: Milliseconds {
        let (seconds, attoseconds) = components
        return seconds * 1_000 + attoseconds / 1_000_000_000_000_000
    }
}

/// Counts those with whom TLS could not agree: plain text above all.
final class HandshakeWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart

    private let door: ConsoleDoor

    init(_ door: ConsoleDoor) { self.door = door }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if case .handshakeFailed? = error as? NIOSSLError {
            door.refused(.handshake, FailureCount.peer(context.remoteAddress?.ipAddress))
        }
        context.fireErrorCaught(error)
    }
}

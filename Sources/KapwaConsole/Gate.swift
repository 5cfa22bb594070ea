import KapwaDomain
import NIOCore

/// A request, as far as who asks and what for.
struct Question: Sendable {
    var method = "GET"
    /// As it stands in the request.
    var path: String
    /// What follows its question mark, if it has one.
    var query: String?
    var host: String?
    var origin: String?
    var accept: String?
    var authorization: String?
}

/// Decides who is let in before anything is looked up.
struct Gate: Sendable {
    let door: ConsoleDoor
    let address: ConsoleAddress

    /// Why it is turned away; `nil` when it is not.
    func refusal(of question: Question) -> HTTPRefusal? {
        guard isOwnName(question.host) else { return .forbiddenHost }
        guard isOwnPage(question.origin, host: question.host) else { return .forbiddenOrigin }
        guard !isOpen(question.path) else { return nil }
        return door.refusal(of: question.authorization)
    }

    /// Whether a question is answered in full, with what only somebody of this floor needs to know.
    func isTrusted(_ question: Question) -> Bool {
        address.isLoopback || door.refusal(of: question.authorization) == nil
    }

    /// Whether anybody who comes here may ask for it: health, and on loopback all that is no figure of somebody's.
    private func isOpen(_ path: String) -> Bool {
        if path == "/health/live" || path == "/health/ready" { return true }
        return address.isLoopback && path != "/v1" && !path.hasPrefix("/v1/")
    }

    /// `host` or `host:port`. On loopback the name must be one of this machine's own, or a page somewhere in the web
    /// could read what stands here through a browser that runs here; elsewhere an address cannot be rebound, and names
    /// are those of the configuration. A request without a name comes from no browser.
    private func isOwnName(_ host: String?) -> Bool {
        guard let host else { return true }
        let name: Substring
        if host.hasPrefix("[") {
            name = host.dropFirst().prefix { $0 != "]" }
        } else {
            name = host.prefix { $0 != ":" }
        }
        let text = name.lowercased()
        if door.names.contains(text) || ConsoleAddress.isLoopback(name) && address.isLoopback { return true }
        guard !address.isLoopback else { return false }
        return text == address.host.lowercased() || (try? SocketAddress(ipAddress: text, port: 0)) != nil
    }

    /// A browser says where the page came from that asks: it must be this daemon.
    private func isOwnPage(_ origin: String?, host: String?) -> Bool {
        guard let origin else { return true }
        guard let host, let scheme = origin.firstRange(of: "://") else { return false }
        return ["http", "https"].contains(origin[..<scheme.lowerBound].lowercased())
            && origin[scheme.upperBound...].lowercased() == host.lowercased()
    }

    /// What somebody is told who is turned away.
    func answer(_ refusal: HTTPRefusal, _ question: Question) -> Answer {
        var answer = Answer.error(Self.status(refusal), refusal.rawValue, words(refusal, question))
        switch refusal {
        case .noToken: answer.challenge = "Bearer realm=\"kapwa\""
        case .wrongToken: answer.challenge = "Bearer realm=\"kapwa\", error=\"invalid_token\""
        case .tooManyFailures: answer.retryAfter = Int(Limits.httpFailureWindow / 1_000)
        default: break
        }
        answer.closes = refusal == .tooManyFailures || refusal == .tooLarge
        return answer
    }

    private static func status(_ refusal: HTTPRefusal) -> Int {
        switch refusal {
        case .noToken, .wrongToken: 401
        case .forbiddenHost, .forbiddenOrigin: 403
        case .tooManyFailures: 429
        case .tooLarge: 413
        case .crowded, .handshake: 503
        }
    }

    private func words(_ refusal: HTTPRefusal, _ question: Question) -> String {
        switch refusal {
        case .noToken:
            "show the token of the file http.token in the data directory, as Authorization: Bearer TOKEN"
        case .wrongToken: "this is not the token of the file http.token in the data directory"
        case .forbiddenHost:
            address.isLoopback
                ? "the host \(Answer.shown(question.host ?? "")) is not this machine; ask for 127.0.0.1, [::1] or "
                    + "localhost, or name it in http_names"
                : "the host \(Answer.shown(question.host ?? "")) is not this daemon; ask for its address, or name it "
                    + "in http_names"
        case .forbiddenOrigin: "a page of \(Answer.shown(question.origin ?? "")) may not ask here"
        case .tooManyFailures:
            "this address was refused more than \(Limits.httpFailuresMax) times in "
                + "\(Limits.httpFailureWindow / 1_000) s; come back with what is right"
        case .tooLarge: "nothing here is asked with more than \(Limits.httpBodyBytesMax) bytes behind the head"
        case .crowded, .handshake: "the connection could not be kept"
        }
    }
}

import KapwaDomain

/// `/v1/conversations/ID/why`, with `?offer=ID` or `?at=SEQ`, and `?tenant=NAME`.
struct WhyRoute {
    /// How the path is written where all paths are listed.
    static let shape = "/v1/conversations/{id}/why"

    private let id: String

    /// `nil` for any other path.
    init?(path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "v1", parts[2] == "conversations", parts[4] == "why"
        else {
            return nil
        }
        id = Self.decoded(parts[3])
    }

    func answer(query: String?, _ source: any ConsoleSource) async -> Answer {
        switch request(query) {
        case .failure(let refusal): return Self.refused(refusal)
        case .success(let request):
            switch await source.why(request) {
            case .success(let body): return Answer(status: 200, contentType: "application/json", body: body + [0x0A])
            case .failure(let refusal): return Self.refused(refusal)
            }
        }
    }

    private func request(_ query: String?) -> Result<WhyRequest, Refusal> {
        Result { () throws(Refusal) in
            guard ConversationID.isValid(Array(id.utf8)) else {
                throw Refusal(
                    .invalidField, "a conversation's id is 1 to 128 of the characters A-Z a-z 0-9 . _ : @ + -",
                    field: "conversation")
            }
            var request = WhyRequest(tenant: "main", conversation: ConversationID(id))
            for pair in (query ?? "").split(separator: "&") {
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                let value = parts.count == 2 ? Self.decoded(parts[1]) : ""
                try Self.set(String(parts[0]), value, &request)
            }
            guard request.offer == nil || request.sequence == nil else {
                throw Refusal(.invalidField, "offer and at exclude each other; name one", field: "at")
            }
            return request
        }
    }

    private static func set(_ name: String, _ value: String, _ request: inout WhyRequest) throws(Refusal) {
        switch name {
        case "tenant": request.tenant = TenantID(value)
        case "offer":
            guard OfferID.isValid(Array(value.utf8)) else {
                throw Refusal(.invalidField, "an offer's id is like o812", field: "offer")
            }
            request.offer = OfferID(value)
        case "at":
            guard let sequence = Int64(value), sequence > 0 else {
                throw Refusal(.invalidField, "at is the sequence number of an event, from 1", field: "at")
            }
            request.sequence = sequence
        default: break
        }
    }

    /// Without `%41`; what is no escape stays, and is then no identifier.
    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                rest = rest.dropFirst(2)
                bytes.append(value)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func refused(_ refusal: Refusal) -> Answer {
        let status: Int
        switch refusal.code {
        case .unknownTenant, .unknownConversation, .unknownOffer: status = 404
        case .wrongState: status = 409
        case .overloaded: status = 503
        case .internal: status = 500
        default: status = 400
        }
        var answer = Answer.error(status, refusal.code.rawValue, refusal.message)
        answer.retryAfter = refusal.retryAfter.map { Int(($0 + 999) / 1_000) }
        return answer
    }
}

/// Why a command was not carried out. In the order in which the checks run: the first that applies is answered.
public enum RefusalCode: String, CaseIterable, Sendable {
    case malformed
    case unsupportedVersion = "unsupported_version"
    case unknownType = "unknown_type"
    case missingField = "missing_field"
    case invalidField = "invalid_field"
    case tooLarge = "too_large"
    case unknownTenant = "unknown_tenant"
    case notPermitted = "not_permitted"
    case unavailable
    case overloaded
    case idConflict = "id_conflict"
    case unknownAgent = "unknown_agent"
    case unknownConversation = "unknown_conversation"
    case unknownOffer = "unknown_offer"
    case unknownQueue = "unknown_queue"
    case wrongState = "wrong_state"
    case gone
    case queueFull = "queue_full"
    case moved
    case `internal`
}

/// A refused command: the code, what was wrong, where, and what would be right.
public struct Refusal: Error, Hashable, Sendable {
    public var code: RefusalCode
    /// A sentence for the developer on the other side. Never carries a customer's words.
    public var message: String
    /// The field that was wrong, as a path (`skills.tagalog`).
    public var field: String?
    /// With `wrong_state`: the state that the thing is in.
    public var state: String?
    /// With `wrong_state` of a break: from when on the command would be right.
    public var until: Instant?
    /// With `overloaded`: how long to wait.
    public var retryAfter: Milliseconds?
    /// With `gone`: the first sequence number that is still kept.
    public var first: Int64?
    /// With `unsupported_version`: what is spoken.
    public var supported: [String] = []

    public init(
        _ code: RefusalCode, _ message: String, field: String? = nil, state: String? = nil, until: Instant? = nil,
        retryAfter: Milliseconds? = nil, first: Int64? = nil, supported: [String] = []
    ) {
        self.code = code
        self.message = message
        self.field = field
        self.state = state
        self.until = until
        self.retryAfter = retryAfter
        self.first = first
        self.supported = supported
    }
}

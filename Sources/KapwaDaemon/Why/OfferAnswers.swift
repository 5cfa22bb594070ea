import KapwaDomain

/// How those who were asked had answered, up to some point of a conversation's story.
struct OfferAnswers {
    private var declined = 0
    private var silent = 0

    enum Kind { case declined, silent, both }

    init() {}

    /// - Parameters:
    ///   - agent: Whose answers count; everybody's when absent.
    ///   - sequence: The last event that counts.
    init(of agent: AgentID? = nil, in story: [Event], until sequence: Int64) {
        for event in story where event.sequence <= sequence { take(event.body, of: agent) }
    }

    mutating func take(_ body: Event.Body, of agent: AgentID? = nil) {
        switch body {
        case .offerDeclined(let ended) where agent == nil || ended.agent == agent: declined += 1
        case .offerExpired(let ended) where agent == nil || ended.agent == agent: silent += 1
        default: break
        }
    }

    /// Both where the story does not tell.
    var kind: Kind {
        if declined > 0, silent == 0 { return .declined }
        return declined == 0 && silent > 0 ? .silent : .both
    }

    /// As the rest of a sentence that begins with the agent.
    var words: String {
        switch kind {
        case .declined: "declined it"
        case .silent: "did not answer"
        case .both: "declined it or did not answer"
        }
    }
}

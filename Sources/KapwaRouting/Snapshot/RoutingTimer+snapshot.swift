import KapwaDomain

extension RoutingTimer.Subject {
    /// A subject as a number and up to three values.
    struct Parts {
        var kind: UInt16
        var first = ""
        var second = ""
        var episode = 0
    }

    private var parts: Parts {
        switch self {
        case .conversation(let id, let episode): Parts(kind: 0, first: id.rawValue, episode: episode)
        case .offer(let id): Parts(kind: 1, first: id.rawValue)
        case .wrapup(let agent, let id, let episode):
            Parts(kind: 2, first: agent.rawValue, second: id.rawValue, episode: episode)
        case .lease(let agent): Parts(kind: 3, first: agent.rawValue)
        case .offlineGrace(let agent, let channel):
            Parts(kind: 4, first: agent.rawValue, second: channel.rawValue)
        case .breakCheck(let agent): Parts(kind: 5, first: agent.rawValue)
        case .breakDue(let agent, let id): Parts(kind: 6, first: agent.rawValue, second: id.rawValue)
        case .breakOverdue(let agent, let id): Parts(kind: 7, first: agent.rawValue, second: id.rawValue)
        case .planned(let agent): Parts(kind: 8, first: agent.rawValue)
        case .slide: Parts(kind: 9)
        case .parked(let id, let episode): Parts(kind: 10, first: id.rawValue, episode: episode)
        case .breakEnd(let agent, let id): Parts(kind: 11, first: agent.rawValue, second: id.rawValue)
        case .landingEnd(let agent): Parts(kind: 12, first: agent.rawValue)
        case .barEnd(let id): Parts(kind: 13, first: id.rawValue)
        case .holdEnd(let id): Parts(kind: 14, first: id.rawValue)
        case .reservationEnd(let agent): Parts(kind: 15, first: agent.rawValue)
        case .target(let id): Parts(kind: 16, first: id.rawValue)
        case .onlyUntil(let id): Parts(kind: 17, first: id.rawValue)
        case .step(let id, let episode): Parts(kind: 18, first: id.rawValue, episode: episode)
        case .silence(let id, let episode): Parts(kind: 19, first: id.rawValue, episode: episode)
        case .safetyRound(let id, let episode): Parts(kind: 20, first: id.rawValue, episode: episode)
        case .incident(let topic): Parts(kind: 21, first: topic)
        case .affinityEnd(let agent): Parts(kind: 22, first: agent.rawValue)
        case .queueOpens(let id): Parts(kind: 23, first: id.rawValue)
        }
    }

    private init?(_ parts: Parts) {
        let agent = AgentID(parts.first)
        let conversation = ConversationID(parts.first)
        let rest = BreakID(parts.second)
        let episode = parts.episode
        switch parts.kind {
        case 0: self = .conversation(conversation, episode: episode)
        case 1: self = .offer(OfferID(parts.first))
        case 2: self = .wrapup(agent, ConversationID(parts.second), episode: episode)
        case 3: self = .lease(agent)
        case 4:
            guard let channel = Channel(rawValue: parts.second) else { return nil }
            self = .offlineGrace(agent, channel)
        case 5: self = .breakCheck(agent)
        case 6: self = .breakDue(agent, rest)
        case 7: self = .breakOverdue(agent, rest)
        case 8: self = .planned(agent)
        case 9: self = .slide
        case 10: self = .parked(conversation, episode: episode)
        case 11: self = .breakEnd(agent, rest)
        case 12: self = .landingEnd(agent)
        case 13: self = .barEnd(conversation)
        case 14: self = .holdEnd(conversation)
        case 15: self = .reservationEnd(agent)
        case 16: self = .target(conversation)
        case 17: self = .onlyUntil(conversation)
        case 18: self = .step(conversation, episode: episode)
        case 19: self = .silence(conversation, episode: episode)
        case 20: self = .safetyRound(conversation, episode: episode)
        case 21: self = .incident(parts.first)
        case 22: self = .affinityEnd(agent)
        case 23: self = .queueOpens(QueueID(parts.first))
        default: return nil
        }
    }
}

extension RoutingTimer.Subject: Saved {
    static var blank: Self { .slide }

    mutating func passFields(_ pass: inout SnapshotPass) {
        var parts = pass.isReading ? Parts(kind: 0) : self.parts
        parts.kind.passFields(&pass)
        parts.first.passFields(&pass)
        parts.second.passFields(&pass)
        parts.episode.passFields(&pass)
        guard pass.isReading else { return }
        if let subject = Self(parts) { self = subject } else { pass.fail() }
    }
}

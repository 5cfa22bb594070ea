import KapwaDomain

extension RoutingState.CustomerRecord: Saved {
    static var blank: Self { Self() }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&goodAgent)
        pass.field(&goodUntil)
        pass.field(&goodConversation)
        pass.field(&badEpisodes)
        pass.field(&lastClosedAt)
    }
}

extension RoutingState.CustomerRecord.BadEpisode: Saved {
    static var blank: Self { Self(conversation: "", episode: 0, at: .blank) }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&conversation)
        pass.field(&episode)
        pass.field(&at)
    }
}

extension Aversion: Saved {
    static var blank: Aversion {
        Aversion(agent: "", conversation: "", episode: 0, kind: "", until: .blank, timer: .blank)
    }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&agent)
        pass.field(&conversation)
        pass.field(&episode)
        pass.field(&customer)
        pass.field(&kind)
        pass.field(&until)
        pass.field(&timer)
    }
}

extension Aversion.Key: Saved {
    static var blank: Self { .conversation("") }

    private var parts: (isCustomer: Bool, name: String) {
        switch self {
        case .conversation(let id): (false, id.rawValue)
        case .customer(let id): (true, id.rawValue)
        }
    }

    mutating func passFields(_ pass: inout SnapshotPass) {
        var parts = self.parts
        parts.isCustomer.passFields(&pass)
        parts.name.passFields(&pass)
        guard pass.isReading else { return }
        self = parts.isCustomer ? .customer(CustomerID(parts.name)) : .conversation(ConversationID(parts.name))
    }

    static func precedes(_ left: Self, _ right: Self) -> Bool {
        left.parts.isCustomer != right.parts.isCustomer
            ? right.parts.isCustomer : left.parts.name < right.parts.name
    }
}

extension RoutingState.Followup: Saved {
    static var blank: Self { Self(episode: 0, reason: "", agent: nil, owedAt: .blank, serial: 0) }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&episode)
        pass.field(&reason)
        pass.field(&agent)
        pass.field(&owedAt)
        pass.field(&serial)
    }
}

extension RoutingState.Incident: Saved {
    static var blank: Self {
        Self(topic: "", text: nil, declaredAt: .blank, until: .blank, drops: [], timer: .blank)
    }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&topic)
        pass.field(&text)
        pass.field(&declaredAt)
        pass.field(&until)
        pass.field(&drops)
        pass.field(&timer)
    }
}

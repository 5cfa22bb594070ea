import KapwaDomain

extension OfferRecord: Saved {
    static var blank: OfferRecord {
        OfferRecord(
            id: "", conversation: 0, agent: 0, units: 0, madeAt: .blank, expiresAt: .blank, timer: .blank)
    }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&id)
        pass.field(&conversation)
        pass.field(&agent)
        pass.field(&units)
        pass.field(&madeAt)
        pass.field(&expiresAt)
        pass.field(&timer)
    }
}

extension EndedOffer: Saved {
    static var blank: EndedOffer { EndedOffer(agent: "", state: "") }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&agent)
        pass.field(&state)
    }
}

extension RoutingState.OfferEnd: Saved {
    static var blank: Self { Self(at: .blank, expired: false) }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&at)
        pass.field(&expired)
    }
}

extension RoutingState.Topic: Saved {
    static var blank: Self { Self(type: "", agent: nil) }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&type)
        pass.field(&agent)
    }

    static func precedes(_ left: Self, _ right: Self) -> Bool {
        (left.type, left.agent?.rawValue ?? "") < (right.type, right.agent?.rawValue ?? "")
    }
}

extension RoutingState.QueueState: Saved {
    static var blank: Self { Self() }

    /// Who waits is known from the conversations.
    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&offered)
        pass.field(&reserved)
        pass.field(&pace)
    }
}

extension RoutingState.PhaseCounts: Saved {
    static var blank: Self { Self() }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&opened)
        pass.field(&open)
        pass.field(&queued)
        pass.field(&offered)
        pass.field(&assigned)
        pass.field(&closed)
    }
}

extension TeamMode: Saved {
    static var blank: TeamMode { TeamMode(routing: .enforce, breaks: .enforce) }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&routing)
        pass.field(&breaks)
    }
}

extension RoutingState.OwnMode: Saved {
    static var blank: Self { Self(team: "", mode: .blank) }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&team)
        pass.field(&mode)
    }
}

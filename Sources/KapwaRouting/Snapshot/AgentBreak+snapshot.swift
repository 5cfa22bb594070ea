import KapwaDomain

extension AgentBreak: Saved {
    static var blank: AgentBreak { AgentBreak(BreakChanged()) }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&id)
        pass.field(&kind)
        pass.field(&reason)
        pass.field(&enforced)
        pass.field(&minutes)
        pass.field(&earliest)
        pass.field(&startBy)
        pass.field(&paid)
        pass.field(&minimumMinutes)
        pass.field(&immediate)
        pass.field(&because)
        pass.field(&isPostponed)
        pass.field(&isHandoverOffered)
        pass.field(&isOverdue)
        pass.field(&startedAt)
        pass.field(&endsAt)
    }
}

extension Shift: Saved {
    static var blank: Shift { Shift(startsAt: .blank, endsAt: .blank) }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&startsAt)
        pass.field(&endsAt)
        pass.field(&mealAt)
    }
}

extension BegunBreak: Saved {
    static var blank: BegunBreak { BegunBreak(kind: .blank, at: .blank) }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&kind)
        pass.field(&at)
    }
}

extension Invitation: Saved {
    static var blank: Invitation { Invitation(reason: "", minutes: 0, until: .blank) }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&reason)
        pass.field(&minutes)
        pass.field(&until)
    }
}

extension RoutingState.Departed: Saved {
    static var blank: Self {
        Self(
            serial: 0, ledger: StressLedger(), currentBreak: nil, nextBreaks: [], plannedBreaks: [], shift: nil,
            begunPlanned: [], reports: [], hardStreak: 0)
    }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&serial)
        pass.field(&ledger)
        pass.field(&currentBreak)
        pass.field(&nextBreaks)
        pass.field(&plannedBreaks)
        pass.field(&shift)
        pass.field(&begunPlanned)
        pass.field(&reports)
        pass.field(&hardStreak)
    }
}

extension RoutingState.DepartedKey: Saved {
    static var blank: Self { Self(serial: 0, id: "") }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&serial)
        pass.field(&id)
    }
}

extension RoutingState.SlidingBreak: Saved {
    static var blank: Self { Self(agent: "", id: "") }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&agent)
        pass.field(&id)
    }
}

import KapwaDomain

extension AgentRecord: Saved {
    static var blank: AgentRecord { AgentRecord(id: "") }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&id)
        pass.field(&name)
        pass.field(&skills)
        pass.field(&capacity)
        pass.field(&team)
        pass.field(&attributes)
        passPresence(&pass)
        passWork(&pass)
        passBreaks(&pass)
    }

    private mutating func passPresence(_ pass: inout SnapshotPass) {
        pass.field(&presence)
        pass.field(&presenceSince)
        pass.field(&isLeased)
        pass.field(&leaseUntil)
        pass.field(&leaseTimer)
        pass.field(&graceTimers)
        pass.field(&idleSince)
        pass.field(&strikes)
        pass.field(&unreadySince)
        pass.field(&landingUntil)
        pass.field(&landedAt)
        pass.field(&owesLanding)
        pass.field(&landingTimer)
        pass.field(&isBackFromBreak)
        pass.field(&counted)
    }

    private mutating func passWork(_ pass: inout SnapshotPass) {
        pass.field(&contacts)
        pass.field(&offers)
        pass.field(&wrapups)
        pass.field(&load)
        pass.field(&reports)
        pass.field(&channelsHad)
        pass.field(&ledger)
        pass.field(&hardEnds)
        pass.field(&hardStreak)
        pass.field(&worked)
        pass.field(&reservation)
        pass.field(&endedContacts)
    }

    private mutating func passBreaks(_ pass: inout SnapshotPass) {
        pass.field(&checkTimer)
        pass.field(&planTimer)
        pass.field(&breakTimers)
        pass.field(&currentBreak)
        pass.field(&nextBreaks)
        pass.field(&plannedBreaks)
        pass.field(&shift)
        pass.field(&begunPlanned)
        pass.field(&invitation)
    }
}

extension AgentRecord.Reservation: Saved {
    static var blank: Self { Self(conversation: "", slot: 0, queue: 0, until: .blank, timer: .blank) }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&conversation)
        pass.field(&slot)
        pass.field(&queue)
        pass.field(&until)
        pass.field(&timer)
    }
}

extension AgentRecord.EndedContact: Saved {
    static var blank: Self {
        Self(conversation: "", episode: 0, booked: 0, wasReported: false, hadWords: false, handled: 0)
    }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&conversation)
        pass.field(&episode)
        pass.field(&booked)
        pass.field(&wasReported)
        pass.field(&hadWords)
        pass.field(&handled)
    }
}

extension AgentRecord.Wrapup: Saved {
    static var blank: Self {
        Self(conversation: "", episode: 0, units: 0, deadline: .blank, exclusive: false, timer: nil)
    }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&conversation)
        pass.field(&episode)
        pass.field(&units)
        pass.field(&deadline)
        pass.field(&exclusive)
        pass.field(&timer)
    }
}

extension WorkedTime.Span: Saved {
    static var blank: Self { Self(from: .blank, to: .blank) }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&from)
        pass.field(&to)
    }
}

extension RankedList.Key: Saved {
    static var blank: Self { Self(rank: 0, order: 0) }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&rank)
        pass.field(&order)
    }
}

extension ChannelFamilies: Saved {
    static var blank: Self { [] }

    mutating func passFields(_ pass: inout SnapshotPass) {
        var value = rawValue
        pass.field(&value)
        if pass.isReading { self = Self(rawValue: value) }
    }
}

extension TeamCounts: Saved {
    static var blank: Self { Self() }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&present)
        pass.field(&onStressBreak)
        pass.field(&owingStress)
    }
}

extension TeamCounts.Counted: Saved {
    static var blank: Self { Self(team: nil, isPresent: false, isOnStressBreak: false, owesStress: false, owes: false) }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&team)
        pass.field(&isPresent)
        pass.field(&isOnStressBreak)
        pass.field(&owesStress)
        pass.field(&owes)
    }
}

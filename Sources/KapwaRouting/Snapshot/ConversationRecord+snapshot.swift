import KapwaDomain

extension ConversationRecord: Saved {
    static var blank: ConversationRecord { ConversationRecord(id: "") }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&id)
        pass.small(&episode)
        pass.field(&phase)
        pass.field(&channel)
        pass.field(&customer)
        pass.field(&topic)
        pass.field(&attributes)
        pass.small(&priority)
        pass.field(&skills)
        pass.field(&requestedQueue)
        passWait(&pass)
        passFeelings(&pass)
        passAside(&pass)
    }

    private mutating func passWait(_ pass: inout SnapshotPass) {
        pass.field(&since)
        pass.field(&order)
        pass.field(&placement)
        pass.field(&deadline)
        pass.field(&deadlineTimer)
        pass.field(&stepTimer)
        pass.field(&targetTimer)
        pass.field(&openedAt)
        pass.field(&agent)
        pass.field(&offer)
        pass.small(&units)
        pass.field(&heldUntil)
        pass.field(&isReservationOver)
        pass.field(&reservedAgent)
        pass.field(&filed)
    }

    private mutating func passFeelings(_ pass: inout SnapshotPass) {
        pass.field(&language)
        pass.field(&asksFor)
        pass.field(&safety)
        pass.small(&messages)
        pass.small(&wordedMessages)
        pass.field(&mood)
        pass.field(&peaks)
        pass.field(&polarity)
        pass.field(&relief.last)
        pass.field(&relief.before)
        pass.field(&lastMessageAt)
    }
}

extension ConversationRecord.Contact: Saved {
    static var blank: Self { Self() }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&booked)
        pass.field(&wasReported)
        pass.field(&abuse)
        pass.field(&threat)
        pass.field(&insults)
    }
}

extension ConversationRecord.WaitTimer: Saved {
    static var blank: Self { Self(role: .bar, key: .blank) }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&role)
        pass.field(&key)
    }
}

extension ConversationRecord.Bar: Saved {
    static var blank: Self { Self(agent: "", until: .blank, times: 0) }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&agent)
        pass.field(&until)
        pass.field(&times)
    }
}

extension WaitingGroup: Saved {
    static var blank: Self {
        Self(queue: 0, units: 0, isHard: false, isSafety: false, hold: .never, isReserved: false, isLate: false)
    }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&queue)
        pass.field(&units)
        pass.field(&isHard)
        pass.field(&isSafety)
        pass.field(&hold)
        pass.field(&isReserved)
        pass.field(&isLate)
    }
}

extension FiledPlace: Saved {
    static var blank: Self { Self(number: 0, group: .blank) }

    /// The number is that of a class in the index, which is made anew.
    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&group)
    }
}

extension ClosedRecord: Saved {
    static var blank: Self {
        Self(
            episode: 0, outcome: .blank, closedAt: .blank, since: .blank, channel: .blank, priority: 0, skills: .none,
            mood: Mood(), peaks: Tags(), polarity: .zero, messages: 0, serial: 0)
    }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&episode)
        pass.field(&outcome)
        pass.field(&closedAt)
        pass.field(&since)
        pass.field(&channel)
        pass.field(&customer)
        pass.field(&topic)
        pass.field(&attributes)
        pass.field(&priority)
        pass.field(&skills)
        pass.field(&requestedQueue)
        pass.field(&placement)
        pass.field(&mood)
        pass.field(&peaks)
        pass.field(&polarity)
        pass.field(&language)
        pass.field(&lastAgent)
        pass.field(&messages)
        pass.field(&safety)
        pass.field(&safetyKind)
        pass.field(&safetyRound)
        pass.field(&isSafetyAcknowledged)
        pass.field(&serial)
    }
}

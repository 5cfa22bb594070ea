import KapwaDomain

/// Something that happens by itself at a time. Timers are data: they are set by events and fired by commands.
struct RoutingTimer: Sendable {
    enum Subject: Hashable, Sendable {
        /// The phase of an episode ends: held, waiting or idle for too long.
        case conversation(ConversationID, episode: Int)
        case offer(OfferID)
        case wrapup(AgentID, ConversationID, episode: Int)
        case lease(AgentID)
        /// Contacts of an agent who went offline go back to the queue.
        case offlineGrace(AgentID, Channel)
        /// A live contact may have fallen silent while a break is owed.
        case breakCheck(AgentID)
        /// An owed break may begin, or has come to its latest start.
        case breakDue(AgentID, BreakID)
        case breakOverdue(AgentID, BreakID)
        /// Planned breaks are looked at: a window opens, or the time has come to owe one.
        case planned(AgentID)
        /// Planned breaks that floors let slide are placed.
        case slide
        /// A customer who wrote to an agent on a break has waited long enough.
        case parked(ConversationID, episode: Int)
        case breakEnd(AgentID, BreakID)
        /// A soft landing is over.
        case landingEnd(AgentID)
        /// A pair may be matched again.
        case barEnd(ConversationID)
        /// A hold is over: soft tests no longer keep anyone from it.
        case holdEnd(ConversationID)
        /// An agent is kept for a conversation no longer.
        case reservationEnd(AgentID)
        /// Whoever waits should have been answered by now.
        case target(ConversationID)
        /// A transfer to one agent opens to everyone.
        case onlyUntil(ConversationID)
        /// The step in force of a conversation that waits is over.
        case step(ConversationID, episode: Int)
        /// A chat that an agent has may have fallen silent.
        case silence(ConversationID, episode: Int)
        /// Nobody has acknowledged that somebody is in danger.
        case safetyRound(ConversationID, episode: Int)
        /// An incident lasts no longer.
        case incident(String)
        /// A customer may be routed to an agent again.
        case affinityEnd(AgentID)
        /// A queue opens: what waits there is looked at again.
        case queueOpens(QueueID)
    }

    var due: Instant
    var subject: Subject
}

/// Timers in the order in which they are due; of those due together, the one that was set first comes first.
///
/// Long ones are cancelled when their reason is gone, so that there are never many more than there are things to wait
/// for. A short one whose subject has moved on is recognised when it fires and does nothing.
struct TimerQueue: Sendable {
    /// Finds a timer again, to cancel it.
    struct Key: Hashable, Sendable {
        fileprivate var slot: UInt32
        /// Tells it from those that had the slot before.
        fileprivate var mark: UInt32
    }

    fileprivate struct Setting: Sendable {
        var key: RankedList.Key
        /// `nil` while the slot is free.
        var subject: RoutingTimer.Subject?

        var mark: UInt32 { UInt32(truncatingIfNeeded: key.order) }
    }

    private var list = RankedList()
    private var settings = Blocks<Setting>()
    private var free: [Int] = []
    private var timesSet: Int64 = 0

    var count: Int { list.count }
    var nextDue: Instant? { list.first.map { Instant(milliseconds: $0.key.rank) } }

    @discardableResult
    mutating func set(_ subject: RoutingTimer.Subject, due: Instant) -> Key {
        timesSet += 1
        let setting = Setting(key: RankedList.Key(rank: due.milliseconds, order: timesSet), subject: subject)
        let slot: Int
        if let known = free.popLast() {
            slot = known
            settings[slot] = setting
        } else {
            slot = settings.count
            settings.append(setting)
        }
        list.insert(setting.key, slot: slot)
        return Key(slot: UInt32(slot), mark: setting.mark)
    }

    /// Takes a timer back; one that has fired is none.
    mutating func cancel(_ key: Key) {
        let slot = Int(key.slot)
        guard slot < settings.count, settings[slot].subject != nil, settings[slot].mark == key.mark else { return }
        list.remove(settings[slot].key)
        release(slot)
    }

    /// Takes the next timer that is due.
    mutating func popDue(at now: Instant) -> RoutingTimer? {
        guard let first = list.first, first.key.rank <= now.milliseconds, let subject = settings[first.slot].subject
        else { return nil }
        list.remove(first.key)
        release(first.slot)
        return RoutingTimer(due: Instant(milliseconds: first.key.rank), subject: subject)
    }

    private mutating func release(_ slot: Int) {
        settings[slot].subject = nil
        free.append(slot)
    }
}

extension TimerQueue: Saved {
    static var blank: TimerQueue { TimerQueue() }

    /// The list follows from the settings; in its order it is made faster.
    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&settings)
        pass.field(&free)
        pass.field(&timesSet)
        if pass.counts(1) { return }
        var slots = list.listed.map(\.slot)
        slots.passFields(&pass)
        guard pass.isReading else { return }
        list = RankedList()
        var last: RankedList.Key?
        for slot in slots {
            guard settings.indices.contains(slot), settings[slot].subject != nil,
                last.map({ $0 < settings[slot].key }) ?? true
            else { return pass.fail() }
            last = settings[slot].key
            list.insert(settings[slot].key, slot: slot)
        }
        if !free.allSatisfy(settings.indices.contains) || list.count + free.count != settings.count { pass.fail() }
    }
}

extension TimerQueue.Setting: Saved {
    static var blank: Self { Self(key: .blank, subject: nil) }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&key)
        pass.field(&subject)
    }
}

extension TimerQueue.Key: Saved {
    static var blank: Self { Self(slot: 0, mark: 0) }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&slot)
        pass.field(&mark)
    }
}

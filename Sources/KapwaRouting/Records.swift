import KapwaDomain

/// An agent as the router knows it.
struct AgentRecord: Sendable {
    var id: AgentID

    // What every pair is judged by stands together: two hundred agents are looked at in one decision.

    var capacity = 100
    /// Units of contacts, wrap-ups and open offers together.
    var load = 0
    var skills = Skills.none
    var team: TeamID?
    /// Until then the agent lands softly: half the capacity, and hard contacts last of all.
    var landingUntil: Instant?
    /// End of the last contact or break, or start of ready.
    var idleSince = Instant(milliseconds: 0)
    /// Hard contacts in a row, in the order of their end; a calm one or a break of five minutes begins anew.
    var hardStreak = 0
    /// The last conversation that all of the agent was kept for; past its time, or once it no longer waits, it binds
    /// nobody.
    var reservation: Reservation?
    var ledger = StressLedger()
    /// Ends of hard contacts within the last four hours.
    var hardEnds: [Instant] = []
    var worked = WorkedTime()
    var presence = Presence.offline

    // The rest.

    var name: String?
    var attributes = Attributes.none

    /// Since when the presence is what it is.
    var presenceSince = Instant(milliseconds: 0)
    var isLeased = false
    /// Renewed without an event, therefore no part of the digest.
    var leaseUntil: Instant?
    /// Takes the lease's timer back when it is renewed.
    var leaseTimer: TimerQueue.Key?
    /// Take contacts back when the agent stays offline.
    var graceTimers: [TimerQueue.Key] = []
    /// Looks at an owed break again when the last chat may have fallen silent.
    var checkTimer: TimerQueue.Key?
    /// Has the planned breaks looked at.
    var planTimer: TimerQueue.Key?
    /// Makes room again when a landing ends.
    var landingTimer: TimerQueue.Key?
    /// Of the current break: when it may begin, is due, is overdue, or over.
    var breakTimers: [TimerQueue.Key] = []

    /// Slots of conversations that the agent has, in the order in which they came.
    var contacts: [Int] = []
    /// Open offers, in the order in which they were made.
    var offers: [OfferID] = []
    var wrapups: [Wrapup] = []

    var currentBreak: AgentBreak?
    /// Became owed while another break was owed or ran; each begins when the one before it ends.
    var nextBreaks: [AgentBreak] = []
    /// Of the shift, not begun and not owed yet; ascending by window.
    var plannedBreaks: [AgentBreak] = []
    var shift: Shift?
    /// Planned breaks that were begun within the last day.
    var begunPlanned: [BegunBreak] = []
    /// An early break that the agent may take.
    var invitation: Invitation?
    /// Times of "that was hard" within the last day.
    var reports: [Instant] = []
    /// Channels of the contacts had since the shift began.
    var channelsHad = ChannelFamilies()
    /// What the counts of the agent's team hold of the agent. Derived: no part of the digest.
    var counted: TeamCounts.Counted?
    /// Set when a break ended and nobody said `ready` since.
    var isBackFromBreak = false
    /// Offers that went unanswered within the last ten minutes.
    var strikes: [Instant] = []
    /// When the last landing began.
    var landedAt: Instant?
    /// A break that asks for a landing is over, and the agent is not back yet.
    var owesLanding = false
    /// Since when the agent is not ready; `nil` while ready.
    var unreadySince: Instant?
    /// The last contacts that ended, newest last.
    var endedContacts: [EndedContact] = []

    init(id: AgentID) { self.id = id }

    /// Room that is kept for a conversation.
    struct Reservation: Hashable, Sendable {
        var conversation: ConversationID
        var slot: Int
        /// Number of that conversation's queue, when it was reserved for.
        var queue: Int
        var until: Instant
        var timer: TimerQueue.Key
    }

    /// A contact that is over but can still be reported as hard.
    struct EndedContact: Hashable, Sendable {
        var conversation: ConversationID
        var episode: Int
        var booked: Int
        var wasReported: Bool
        /// Whether something of it could be read.
        var hadWords: Bool
        /// How long the agent had it.
        var handled: Milliseconds
    }

    /// After-contact work: holds units until done.
    struct Wrapup: Hashable, Sendable {
        var conversation: ConversationID
        var episode: Int
        var units: Int
        var deadline: Instant
        var exclusive: Bool
        var timer: TimerQueue.Key?
    }

    /// The break that keeps the agent from new work until it was taken: the current one or, behind one that binds
    /// nobody, the next that binds.
    var owedBreak: AgentBreak? {
        guard let currentBreak else { return nil }
        if currentBreak.enforced { return currentBreak.isRunning ? nil : currentBreak }
        return nextBreaks.first { $0.enforced }
    }
    var owesBreak: Bool { owedBreak != nil }
    var isOnBreak: Bool { currentBreak.map { $0.enforced && $0.isRunning } ?? false }
    var isExcludedByWrapup: Bool { wrapups.contains { $0.exclusive } }

    var effective: EffectivePresence {
        if isOnBreak { return .onBreak }
        switch presence {
        case .ready: return owesBreak ? .breakOwed : .ready
        case .away: return .away
        case .offline: return .offline
        }
    }

    /// The half-life that applies to what the agent is doing.
    var pace: StressLedger.Pace {
        if let currentBreak, currentBreak.isRunning { return .onBreak }
        return presence == .ready || !contacts.isEmpty ? .working : .away
    }

    /// Whether the agent has just come back from a break or a long absence.
    func isLanding(at now: Instant) -> Bool { landingUntil.map { now < $0 } ?? false }

    /// Capacity that a contact of so many units is admitted against: half of it while landing, and never less than the
    /// contact itself for an agent who carries nothing.
    ///
    /// - Parameter carried: What the agent carries without that contact; the load when absent.
    func admittedCapacity(for units: Int, at now: Instant, carried: Int? = nil) -> Int {
        let admitted = isLanding(at: now) ? capacity / 2 : capacity
        return (carried ?? load) == 0 ? max(admitted, units) : admitted
    }
}

/// How long an agent was ready or in contact within the last four hours.
struct WorkedTime: Hashable, Sendable {
    static let window: Milliseconds = .hours(4)

    private(set) var spans: [Span] = []
    private(set) var runningSince: Instant?

    struct Span: Hashable, Sendable {
        var from: Instant
        var to: Instant
    }

    mutating func set(working: Bool, at now: Instant) {
        if working, runningSince == nil { runningSince = now }
        if !working, let since = runningSince {
            runningSince = nil
            spans.removeAll { $0.to <= now - Self.window }
            if now > since { spans.append(Span(from: since, to: now)) }
            if spans.count > Limits.hardContactsRememberedMax { spans.removeFirst() }
        }
    }

    func milliseconds(at now: Instant) -> Milliseconds {
        let begin = now - Self.window
        var sum = spans.reduce(Milliseconds(0)) { $0 + max(0, $1.to - max($1.from, begin)) }
        if let since = runningSince { sum += max(0, now - max(since, begin)) }
        return sum
    }
}

extension WorkedTime: Saved {
    static var blank: WorkedTime { WorkedTime() }

    mutating func passFields(_ pass: inout SnapshotPass) {
        pass.field(&spans)
        pass.field(&runningSince)
    }
}

/// An offer that is open.
struct OfferRecord: Hashable, Sendable {
    var id: OfferID
    /// Slot of the conversation.
    var conversation: Int
    /// Slot of the agent.
    var agent: Int
    var units: Int
    var madeAt: Instant
    var expiresAt: Instant
    var timer: TimerQueue.Key
}

/// How an offer ended, kept for late answers.
struct EndedOffer: Hashable, Sendable {
    var agent: AgentID
    /// `accepted`, `declined`, `expired` or `withdrawn`.
    var state: String
}

/// The last episode of a conversation that is closed.
struct ClosedRecord: Sendable {
    var episode: Int
    var outcome: Outcome
    var closedAt: Instant
    var since: Instant
    var channel: Channel
    var customer: CustomerID?
    var topic: String?
    var attributes = Attributes.none
    var priority: Int
    var skills: Skills
    var requestedQueue: QueueID?
    var placement: Placement?
    var mood: Mood
    var peaks: Tags
    var polarity: Score
    var language: Assessment.Language?
    var lastAgent: AgentID?
    var messages: Int
    var safety: SafetyFlag.Level?
    var safetyKind: SafetyFlag.Kind?
    var safetyRound = 0
    var isSafetyAcknowledged = false
    /// Counts closings, so that the list of closed ones can be pruned in order.
    var serial: Int64
}

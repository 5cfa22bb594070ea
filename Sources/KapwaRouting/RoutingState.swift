import DequeModule
public import KapwaDomain

/// What is true now: the fold of a tenant's events, and of nothing else.
///
/// ``apply(_:)`` is the only way in. It reads neither rules nor lexicon nor clock, so that the same events give the
/// same state in another process, on another day, in a later version. Dictionaries are looked up and never walked.
public struct RoutingState: Sendable {
    public let tenant: TenantID
    /// Sequence of the last event applied; 0 before the first.
    public internal(set) var sequence: Int64 = 0
    /// Time of the last event applied.
    public internal(set) var lastEventAt = Instant(milliseconds: 0)

    var topics: [Topic: Int64] = [:]

    var agents = Blocks<AgentRecord>()
    var agentSlots: [AgentID: Int] = [:]
    var freeAgentSlots: [Int] = []
    /// Slots of agents, ascending by id: the order in which ties are broken and rows are listed.
    var agentOrder: [Int] = []

    var conversations = Blocks<ConversationRecord>()
    var conversationSlots: [ConversationID: Int] = [:]
    var freeConversationSlots: [Int] = []
    /// What agents who were removed had to carry, for the day they come back under the same name.
    var departed: [AgentID: Departed] = [:]
    /// Who of them went first stands first; whoever is back stands here no longer.
    var departedInOrder: Deque<DepartedKey> = []
    var queued = RankedList()
    var queues = QueueTable()
    var phaseCounts = PhaseCounts()

    var closed: [ConversationID: ClosedRecord] = [:]
    var closedInOrder: Deque<ClosedKey> = []
    var closings: Int64 = 0

    var offers: [OfferID: OfferRecord] = [:]
    var endedOffers: [OfferID: EndedOffer] = [:]
    var endedOffersInOrder: Deque<OfferID> = []
    /// Ends of offers within the last minute, oldest first.
    var offerEnds: Deque<OfferEnd> = []
    /// How many of them expired.
    var expiredEnds = 0
    var deliverySuspectAt: Instant?

    /// Of each team, and of those without one.
    var teams: [TeamID?: TeamCounts] = [:]
    /// Slots of agents who owe a break that binds, in the order in which that came. Derived.
    var owing: [Int] = []
    /// Planned breaks whose window is open and that floors let slide. Derived.
    var sliding: [SlidingBreak] = []
    var slideTimer: TimerQueue.Key?
    /// How long contacts last, by kind of channel.
    var handleTimes = (voice: HandleTimes(), chat: HandleTimes(), email: HandleTimes())

    var customers: [CustomerID: CustomerRecord] = [:]
    var customersInOrder: Deque<CustomerID> = []
    /// Customers and agents who are kept apart, by when that was said.
    var aversions: [Int64: Aversion] = [:]
    var aversionsInOrder: Deque<Int64> = []
    var aversionIndex: [Aversion.Key: [Int64]] = [:]
    var followups: [ConversationID: Followup] = [:]
    var followupsInOrder: Deque<Int64> = []
    var followupSerials: [Int64: ConversationID] = [:]
    /// In the order in which they were declared.
    var incidents: [Incident] = []

    var timers = TimerQueue()
    var rulesVersion = 0
    var rulesHash = ""
    /// Of the lexicon that the last change named. Decides nothing: no part of the digest.
    var lexiconHash = ""
    var routingMode = Mode.enforce
    var breaksMode = Mode.enforce
    /// Of teams that have other modes than the tenant, ascending by name.
    var teamModes: [OwnMode] = []
    /// When the daemon last began to follow this journal.
    var startedAt = Instant(milliseconds: 0)

    /// What the last matching has not seen yet. Derived: no part of the digest.
    var freshConversations: [Int] = []
    var freshAgents: [Int] = []
    /// Conversations that wait after a transfer: whether they may return depends on the other agents. Derived.
    var transferred: [Int] = []
    /// Agents with less room than the index knows, until the event is through. Derived.
    var touchedAgents: [Int] = []
    /// Who could serve what. Derived.
    var index = MatchingIndex()

    public init(tenant: TenantID) { self.tenant = tenant }

    /// A topic that has had events.
    struct Topic: Hashable, Sendable {
        var type: String
        var agent: AgentID?

        /// Names of types tell themselves apart well enough by their length: an agent's topics are few.
        func hash(into hasher: inout Hasher) {
            hasher.combine(type.utf8.count)
            hasher.combine(agent)
        }
    }

    /// Removing an agent and creating it again neither ends a break nor empties a ledger.
    struct Departed: Sendable {
        /// Sequence of the removal.
        var serial: Int64
        var ledger: StressLedger
        var currentBreak: AgentBreak?
        var nextBreaks: [AgentBreak]
        var plannedBreaks: [AgentBreak]
        var shift: Shift?
        var begunPlanned: [BegunBreak]
        var reports: [Instant]
        var hardStreak: Int
    }

    struct DepartedKey: Hashable, Sendable {
        var serial: Int64
        var id: AgentID
    }

    struct SlidingBreak: Hashable, Sendable {
        var agent: AgentID
        var id: BreakID
    }

    struct ClosedKey: Hashable, Sendable {
        var id: ConversationID
        var serial: Int64
    }

    struct OfferEnd: Hashable, Sendable {
        var at: Instant
        var expired: Bool
    }

    /// Who waits in a queue, and how fast it moves.
    struct QueueState: Sendable {
        var waiting = RankedList()
        var offered = 0
        /// Conversations of this queue that an agent is reserved for. Derived: it falls when a time is over.
        var reserved = 0
        /// How fast it moves.
        var pace = ServicePace()
    }

    /// What is remembered of a customer over conversations. Goes with the customer when forgotten.
    struct CustomerRecord: Sendable {
        /// The agent who last ended a conversation well, and until when that counts.
        var goodAgent: AgentID?
        var goodUntil = Instant(milliseconds: 0)
        /// The conversation that ended well.
        var goodConversation: ConversationID?
        /// Each counts once; oldest first.
        var badEpisodes: [BadEpisode] = []
        /// When the last episode ended.
        var lastClosedAt = Instant(milliseconds: 0)

        struct BadEpisode: Hashable, Sendable {
            var conversation: ConversationID
            var episode: Int
            var at: Instant
        }
    }

    struct PhaseCounts: Hashable, Sendable {
        var opened: Int64 = 0
        var open = 0
        var queued = 0
        var offered = 0
        var assigned = 0
        var closed: Int64 = 0

        subscript(phase: ConversationPhase) -> Int {
            get {
                switch phase {
                case .open: open
                case .queued: queued
                case .offered: offered
                case .assigned: assigned
                case .closed: Int(closed)
                }
            }
            set {
                switch phase {
                case .open: open = newValue
                case .queued: queued = newValue
                case .offered: offered = newValue
                case .assigned: assigned = newValue
                case .closed: closed = Int64(newValue)
                }
            }
        }
    }

    /// Notes the next event with its topic; the sequence of the last one with the same, 0 for the first.
    mutating func noteTopic(of body: Event.Body) -> Int64 {
        topics.updateValue(sequence + 1, forKey: Topic(type: body.type, agent: body.topicAgent)) ?? 0
    }

    /// When the next timer is due; `nil` when none runs.
    public var nextDeadline: Instant? { timers.nextDue }

    /// Units that an open, queued, offered or assigned conversation takes with what is known of it.
    func unitsNow(_ conversation: Int) -> Int {
        Formulas.units(conversations[conversation].channel, hardness: conversations[conversation].peaks.hardness)
    }
}

extension RoutingState {
    /// Slots of what waits, by rank.
    var queuedSlots: [Int] {
        var slots: [Int] = []
        slots.reserveCapacity(queued.count)
        queued.forEach { entry in
            slots.append(entry.slot)
            return true
        }
        return slots
    }
}

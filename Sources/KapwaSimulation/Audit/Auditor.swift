public import KapwaDomain
public import KapwaRules

/// Watches what the router says it did, and says where that breaks the published rules.
///
/// Written from the published rules alone, with plain dictionaries and without a look at the router: what two readers
/// of one text agree on is more likely to be what the text says. It is told the time, the rules and the events, never
/// the router's state. Every finding is a sentence that begins with the sequence of the event.
public final class Auditor {
    var rules: RuleSet
    /// What was found so far, at most ``findingsMax``.
    public private(set) var findings: [String] = []
    /// How often each rule was broken, also beyond the findings that are kept.
    public private(set) var findingsCount = 0
    /// Events watched, by type.
    public private(set) var seen: [String: Int] = [:]
    public static let findingsMax = 100
    /// Findings with one of these words are passed over: to look behind one that is known.
    public var ignored: [String] = []

    var sequence: Int64 = 0
    var lastAt: Instant?
    var topics: [String: [AgentID: Int64]] = [:]
    /// The event that is looked at, for the findings.
    var current: (sequence: Int64, type: String) = (0, "")
    var now = Instant(milliseconds: 0)
    var cause = Event.Cause.timer

    var agents: [AgentID: AgentModel] = [:]
    /// Agents who were removed, for the day they come back.
    var departed: [AgentID: AgentModel] = [:]
    var episodes: [ConversationID: EpisodeModel] = [:]
    var closed: [ConversationID: ClosedModel] = [:]
    var offers: [OfferID: OfferModel] = [:]
    /// What waits, by queue.
    var waiting: [QueueID: [ConversationID: EpisodeModel]] = [:]
    /// Whom an agent is kept apart from.
    var aversions: [AgentID: [AversionModel]] = [:]
    /// When each incident ends, and the needs that it drops.
    var incidents: [String: (until: Instant, drops: [SkillID])] = [:]
    var topicOf: [ConversationID: String] = [:]
    var reservations: [AgentID: (conversation: ConversationID, until: Instant, queue: QueueID?)] = [:]
    var reservedFor: [ConversationID: AgentID] = [:]
    var badEpisodes: [CustomerID: [BadModel]] = [:]
    var suspectUntil: Instant?
    var routingModes: [TeamID?: Mode] = [:]
    var breaksModes: [TeamID?: Mode] = [:]
    var totals = Totals()
    var deadlines = Deadlines()
    /// What the batch that is looked at touched.
    var touched = Touched()
    /// Before this nobody could answer.
    var lastDaemonStart = Instant(milliseconds: 0)

    /// How many episodes are in each state, by the auditor's own counting.
    public struct Totals: Hashable, Sendable {
        public var opened = 0
        public var open = 0
        public var queued = 0
        public var offered = 0
        public var assigned = 0
        public var closed = 0

        mutating func move(from: ConversationPhase?, to: ConversationPhase) {
            if let from { self[from] -= 1 } else { opened += 1 }
            self[to] += 1
        }

        public subscript(phase: ConversationPhase) -> Int {
            get {
                switch phase {
                case .open: open
                case .queued: queued
                case .offered: offered
                case .assigned: assigned
                case .closed: closed
                }
            }
            set {
                switch phase {
                case .open: open = newValue
                case .queued: queued = newValue
                case .offered: offered = newValue
                case .assigned: assigned = newValue
                case .closed: closed = newValue
                }
            }
        }
    }

    struct Touched {
        var agents: Set<AgentID> = []
        var conversations: Set<ConversationID> = []
        /// Agents who are owed a break for what happened, and why.
        var owing: [AgentID: String] = [:]
        /// Whoever would have been first in line at an agent who was offered another.
        var overtaken: [Overtaken] = []
        /// Conversations on which there was feedback, and what brought it.
        var comments: [ConversationID: Event.Cause] = [:]
        /// Closed conversations that are to have a follow-up for danger, and that got one.
        var owedFollowups: Set<ConversationID> = []
        var followups: Set<ConversationID> = []
    }

    public init(rules: RuleSet) {
        self.rules = rules
    }

    /// The counts as the events so far add up to.
    public var counted: Totals { totals }
    /// Offers that have not ended.
    public var openOffers: Int { offers.count }

    /// Tells the rules that the next `rules.changed` is about.
    public func change(to rules: RuleSet) { self.rules = rules }

    /// Looks at the events of one batch, and at what they left behind.
    ///
    /// - Parameter now: the daemon's clock when the batch ended.
    public func watch(_ events: [Event], at now: Instant) {
        touched = Touched()
        for event in events { watch(event) }
        self.now = now
        current = (sequence, "the batch")
        checkAfterBatch()
    }

    /// Takes what was found, and goes on without it.
    public func takeFindings() -> [String] {
        defer { findings = [] }
        return findings
    }

    func found(_ sentence: @autoclosure () -> String) {
        let text = "\(current.sequence) \(current.type): \(sentence())"
        guard !ignored.contains(where: { text.contains($0) }) else { return }
        findingsCount += 1
        if findings.count < Self.findingsMax { findings.append(text) }
    }

    func expect(_ holds: Bool, _ sentence: @autoclosure () -> String) {
        if !holds { found(sentence()) }
    }

    // MARK: One event

    private func watch(_ event: Event) {
        let type = event.body.type
        current = (event.sequence, type)
        now = event.at
        cause = event.cause
        seen[type, default: 0] += 1
        expect(event.sequence == sequence + 1, "follows \(sequence): a sequence has no gaps")
        sequence = event.sequence
        if let lastAt { expect(event.at >= lastAt, "is earlier than the event before it") }
        lastAt = event.at
        let subject = event.body.topicAgent ?? ""
        let previous = topics[type]?[subject] ?? 0
        expect(event.previous == previous, "names \(event.previous) as the last of its topic, which was \(previous)")
        topics[type, default: [:]][subject] = event.sequence
        if let conversation = event.body.conversation { touched.conversations.insert(conversation) }
        if let agent = event.body.topicAgent { touched.agents.insert(agent) }
        apply(event)
    }

    private func apply(_ event: Event) {
        switch event.body {
        case .agentUpdated(let body): updated(body)
        case .agentStateChanged(let body): stateChanged(body)
        case .agentShiftChanged(let body): expect(body.startsAt < body.endsAt, "the shift ends before it begins")
        case .agentReserved(let body): reserved(body)
        case .agentRemoved(let body): removed(body)
        case .agentStressed(let body): stressed(body)
        case .conversationOpened(let body): opened(body)
        case .conversationMessaged(let body): messaged(body)
        case .conversationTagged(let body): tagged(body)
        case .conversationQueued(let body): queued(body)
        case .conversationRequeued(let body): requeued(body)
        case .conversationRelaxed(let body): relaxed(body)
        case .conversationHeld(let body): held(body)
        case .conversationParked(let body): parked(body)
        case .conversationResumed(let body): resumed(body)
        case .conversationUpdated(let body): updated(body)
        case .conversationRetagged(let body): retagged(body)
        case .conversationUnroutable(let body): unroutable(body)
        case .conversationAssigned(let body): assigned(body)
        case .conversationClosed(let body): closed(body)
        case .offerMade(let body): made(body)
        case .offerAdvised(let body): advised(body)
        case .offerDeclined(let body): ended(body, as: .declined)
        case .offerExpired(let body): ended(body, as: .expired)
        case .offerWithdrawn(let body): ended(body, as: .withdrawn)
        default: applyMore(event)
        }
    }

    private func applyMore(_ event: Event) {
        switch event.body {
        case .handoverOffered(let body): handoverOffered(body)
        case .wrapupStarted(let body): wrapupStarted(body)
        case .wrapupEnded(let body): wrapupEnded(body)
        case .breakInvited(let body): invited(body)
        case .breakPlanned(let body): planned(body)
        case .breakOwed(let body): owed(body)
        case .breakStarted(let body): started(body)
        case .breakPostponed(let body): postponed(body)
        case .breakEnded(let body): ended(body)
        case .breakOverdue(let body): overdue(body)
        case .breakFloorBroken(let body): expect(body.left < body.least, "no floor is broken")
        case .talkSuggested(let body):
            expect(body.reports >= 4, "a talk after \(body.reports) reports")
            // So many reports start no break by themselves.
            touched.owing[body.agent] = nil
        case .safetyRaised(let body): raised(body)
        case .safetyAcknowledged(let body): acknowledged(body)
        case .affinitySet(let body): affinitySet(body)
        case .affinityLifted(let body): affinityLifted(body)
        case .feedbackRecorded(let body): recorded(body)
        case .followupOwed(let body): followupOwed(body)
        case .followupDone, .clockGap, .rulesChanged: break
        case .incidentDeclared(let body): declared(body)
        case .incidentEnded(let body):
            expect(incidents.removeValue(forKey: body.topic) != nil, "there is no such incident")
        case .modeChanged(let body):
            routingModes[body.team] = body.routing
            breaksModes[body.team] = body.breaks
        case .deliverySuspect(let body):
            expect(body.offers >= 10 && body.expired * 10 > body.offers * 3, "too few offers expired for it")
            suspectUntil = now + .minutes(1)
        case .daemonStarted: daemonStarted()
        default: found("is of no type that the contract knows")
        }
    }

    /// Nobody could answer while it was away: what is still open stays open for at least five seconds.
    private func daemonStarted() {
        lastDaemonStart = now
        for (id, offer) in offers where offer.expiresAt > now && offer.expiresAt < now + .seconds(5) {
            offers[id]?.expiresAt = now + .seconds(5)
            deadlines.add(.offer(id), at: now + .seconds(5))
        }
    }

    // MARK: Finding one's way

    func agent(_ id: AgentID) -> AgentModel? {
        let agent = agents[id]
        if agent == nil { found("speaks of agent \(id), who is not there") }
        return agent
    }

    /// The episode that an event names; says so when there is none, or another.
    func episode(_ id: ConversationID, _ number: Int) -> EpisodeModel? {
        guard let episode = episodes[id] else {
            found("speaks of \(id), which is not open")
            return nil
        }
        expect(episode.episode == number, "speaks of episode \(number) of \(id), which is in \(episode.episode)")
        return episode
    }

    func move(_ episode: EpisodeModel, to phase: ConversationPhase, from allowed: Set<ConversationPhase>) {
        expect(allowed.contains(episode.phase), "\(episode.id) goes from \(episode.phase) to \(phase)")
        totals.move(from: episode.phase, to: phase)
        if episode.phase == .queued, let queue = episode.placement?.queue { waiting[queue]?[episode.id] = nil }
        if episode.phase == .queued, phase != .queued, let agent = reservedFor.removeValue(forKey: episode.id) {
            // It waits no longer: whoever was kept free for it is free.
            reservations[agent] = nil
            touched.agents.insert(agent)
        }
        episode.phase = phase
        if phase == .queued, let queue = episode.placement?.queue { waiting[queue, default: [:]][episode.id] = episode }
    }

    func routingMode(_ team: TeamID?) -> Mode { rules.routingMode(for: team) }
    func binds(_ agent: AgentModel) -> Bool { routingMode(agent.team) == .enforce }
}

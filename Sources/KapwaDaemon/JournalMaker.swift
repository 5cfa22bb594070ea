public import KapwaDomain
import KapwaJournal
import KapwaRouting
import KapwaRules
import KapwaWire
public import Logging

/// Makes a journal of any length for measuring starts, through the router and the journal that a daemon has.
public struct JournalMaker {
    public struct Size: Sendable {
        /// At least so many events in all.
        public var events: Int64 = 10_000_000
        /// Conversations that are open at the end.
        public var open = 100_000
        /// Replies that are remembered at the end.
        public var ids = 1_000_000
        public var agents = 2_000
        public var customers = 500_000
        /// Events after a snapshot; `nil`: there is none.
        public var behind: Int64?

        public init() {}
    }

    private let size: Size
    private let journal: SQLiteJournal
    private let taker: SnapshotTaker
    private var isSaved = false
    private var router: Router
    private var encoder = JournalEncoder()
    private var now: Instant
    private var commands = 0
    private var conversations = 0
    private var remembered: [RememberedReply] = []
    private var batched = 0
    private var random: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// - Parameter directory: without a journal yet.
    public init(directory: String, size: Size, now: Instant, logger: Logger) throws(StartFailure) {
        self.size = size
        // An event each millisecond ends today, so that nothing is older than a few hours.
        self.now = now - size.events / 2
        var rules = RuleSet.standard
        rules.hash = Checksum.sha256Hex([])
        if !rules.queues.isEmpty { rules.queues[0].maxLength = Limits.conversationsMax }
        do throws(JournalError) {
            journal = try SQLiteJournal(directory: directory, now: self.now)
            try journal.storeRules(text: [], hash: rules.hash)
            let store = SnapshotStore(directory: directory)
            let replayer = Replayer(reader: try JournalReader(directory: directory), snapshots: store)
            taker = SnapshotTaker(replayer: replayer, store: store, logger: logger)
        } catch {
            throw StartFailure(error)
        }
        router = Router(
            state: RoutingState(tenant: "main"), rules: rules, lexicon: "", version: KapwaVersion.current)
        router.start(at: self.now, digest: "")
        router.change(to: rules, lexicon: "", by: nil, at: self.now)
    }

    /// Events written so far.
    public var written: Int64 { router.state.sequence }

    /// Makes it whole and closes it.
    ///
    /// - Parameter progress: told how many events there are, of how many.
    public mutating func make(progress: (Int64, Int64) -> Void = { _, _ in }) throws(StartFailure) {
        do throws(JournalError) {
            for number in 0..<size.agents { try addAgent(number) }
            // Each conversation that ends makes about nine events, one that stays open about five.
            while written < size.events - 5 * Int64(size.open) {
                try converse(isLast: false)
                progress(written, size.events)
            }
            for _ in 0..<size.open { try converse(isLast: true) }
            while written < size.events { try message() }
            try commit()
            try journal.close()
        } catch {
            throw StartFailure(error)
        }
    }

    // MARK: Commands

    private mutating func addAgent(_ number: Int) throws(JournalError) {
        try send(
            .agentUpsert(
                AgentUpsert(
                    agent: AgentID("agent\(number)"), skills: ["billing": 3, "tagalog": 2], capacity: 1_000,
                    team: TeamID("team\(number / 40)"))))
        // Away, so that all that is open stays with whom it was given to, or waits.
        try send(.agentState(AgentState(agent: AgentID("agent\(number)"), state: .away)))
    }

    /// A conversation from its first message to its end; or one that somebody has, or that waits.
    private mutating func converse(isLast: Bool) throws(JournalError) {
        conversations += 1
        let id = conversation(conversations)
        try send(.conversationMessage(message(id)))
        if isLast && conversations % 2 == 0 { return }
        let agent = AgentID("agent\(conversations % size.agents)")
        try send(.conversationAssign(ConversationAssign(conversation: id, agent: agent, source: .external)))
        guard !isLast else { return }
        try send(.conversationMessage(message(id)))
        try send(.conversationClose(ConversationClose(conversation: id, outcome: .resolved)))
        try send(.wrapupDone(WrapupDone(agent: agent, conversation: id)))
    }

    /// One more message to one that is open.
    private mutating func message() throws(JournalError) {
        try send(.conversationMessage(message(conversation(conversations - pick(max(1, size.open / 2))))))
    }

    private func conversation(_ number: Int) -> ConversationID {
        ConversationID("6f1c2a8e-0000-4000-8000-\(100_000_000_000 + number)")
    }

    private mutating func message(_ id: ConversationID) -> ConversationMessage {
        var found = Assessment()
        found.tags.urgency = Score(milli: pick(400))
        found.language = .taglish
        return ConversationMessage(
            conversation: id, from: .customer, text: "words", channel: .chat,
            customer: CustomerID("customer\(pick(size.customers))"), topic: "delivery", assessment: found)
    }

    private mutating func send(_ body: Command.Body) throws(JournalError) {
        commands += 1
        batched += 1
        now = now + 1
        let command = Command(id: CommandID("command-\(commands)"), body: body)
        let result = router.handle(command, at: now)
        if commands > expectedCommands - size.ids, case .success = result {
            var replies = ReplyEncoder()
            remembered.append(
                RememberedReply(
                    tenant: "main", sender: "middleware", id: command.id, hash: (UInt64(commands), 1),
                    reply: replies.bytes(of: Reply(id: command.id, result: result)), at: now))
        }
        if batched >= Limits.batchCommandsMax { try commit() }
    }

    /// About two events a command.
    private var expectedCommands: Int { Int(size.events) / 2 }

    private mutating func commit() throws(JournalError) {
        router.match(at: now)
        let events = router.takeEvents()
        let state = router.state
        let entries = events.map { encoder.entry($0) { state.customer(of: $0) } }
        try journal.append(entries: entries, remembered: remembered)
        remembered.removeAll(keepingCapacity: true)
        batched = 0
        guard let behind = size.behind, !isSaved, written >= size.events - behind else { return }
        isSaved = true
        // What a replay would give: a test holds states against their replays.
        try taker.save(router.state, now: now)
    }

    /// The same in every run.
    private mutating func pick(_ count: Int) -> Int {
        random ^= random << 13
        random ^= random >> 7
        random ^= random << 17
        return Int(random % UInt64(max(1, count)))
    }
}

import KapwaDomain
import KapwaJournal
import KapwaRouting
import KapwaRules
import KapwaWire
import Testing

@testable import KapwaDaemon

/// A journal written by a router, with a clock of its own.
struct Day {
    let journal = InMemoryJournal(now: Instant(milliseconds: 1_795_226_400_000))
    var router: Router
    // 2026-11-21, 10 in the morning in Manila.
    var now = Instant(milliseconds: 1_795_226_400_000)
    private var encoder = JournalEncoder()
    private var commands = 0

    init(rules text: String = "") throws {
        var rules = RuleSet.standard
        if case .success(let file) = RuleFile.read(bytes: Array(text.utf8), name: "rules"), !text.isEmpty {
            rules = file.rules
        }
        rules.hash = Checksum.sha256Hex(Array(text.utf8))
        try journal.storeRules(text: Array(text.utf8), hash: rules.hash)
        router = Router(state: RoutingState(tenant: "main"), rules: rules, lexicon: "lexicon", version: "test")
        router.start(at: now, digest: "")
        router.change(to: rules, lexicon: "lexicon", by: nil, at: now)
        try keep()
    }

    private mutating func keep() throws {
        let events = router.takeEvents()
        try journal.append(entries: events.map { encoder.entry($0) { _ in nil } }, remembered: [])
    }

    mutating func send(_ body: Command.Body, by: Person? = nil) throws {
        commands += 1
        _ = try router.handle(Command(id: CommandID("c\(commands)"), by: by, body: body), at: now).get()
        router.match(at: now)
        try keep()
    }

    mutating func pass(_ time: Milliseconds) throws {
        let end = now + time
        while let due = router.state.nextDeadline, due <= end {
            now = max(now, due)
            router.tick(at: now)
            router.match(at: now)
            try keep()
        }
        now = end
    }

    mutating func agent(_ id: AgentID, _ skills: Skills, ready: Bool = true) throws {
        try send(.agentUpsert(AgentUpsert(agent: id, skills: skills)))
        if ready { try send(.agentState(AgentState(agent: id, state: .ready))) }
    }

    mutating func open(
        _ id: ConversationID, channel: Channel = .chat, topic: String? = nil, _ found: Assessment? = nil
    ) throws {
        try send(
            .conversationMessage(
                ConversationMessage(
                    conversation: id, from: .customer, text: found == nil ? "" : "words", channel: channel,
                    topic: topic, assessment: found)))
    }

    /// Whoever was asked to take it does.
    mutating func accept(_ id: ConversationID) throws {
        let made = try offer(of: id)
        try send(.offerAccept(OfferAnswer(offer: made.offer, agent: made.agent)))
    }

    /// Rules that are read from now on.
    mutating func change(rules text: String) throws {
        guard case .success(let file) = RuleFile.read(bytes: Array(text.utf8), name: "rules") else {
            throw Unreadable.rules
        }
        var rules = file.rules
        rules.hash = Checksum.sha256Hex(Array(text.utf8))
        try journal.storeRules(text: Array(text.utf8), hash: rules.hash)
        router.change(to: rules, lexicon: "lexicon", by: nil, at: now)
        router.match(at: now)
        try keep()
    }

    enum Unreadable: Error { case rules }

    func offer(of id: ConversationID) throws -> OfferMade {
        var last: OfferMade?
        let decoder = EventDecoder()
        for entry in try journal.events(
            tenant: "main", after: 0, limit: 10_000, types: ["offer.made"], maxBytes: 1 << 20
        )
        .entries {
            let event = try decoder.decode(open: entry.publicPart, personal: entry.personalPart ?? [])
            guard case .offerMade(let made) = event.body, made.conversation == id else { continue }
            last = made
        }
        return try #require(last)
    }

    func why(_ id: ConversationID, _ moment: WhyQuestion.Moment = .latest) throws -> WhyAnswer {
        try WhyReader(reader: journal).answer(WhyQuestion(tenant: "main", conversation: id, moment: moment))
    }
}

/// What an answer says, but for its record.
func told(_ answer: WhyAnswer, _ audience: WhyAudience = .everyone) -> String {
    answer.chapters(for: audience).filter { $0.key != "record" }
        .flatMap { [$0.title + ":"] + $0.sentences }.joined(separator: "\n")
}

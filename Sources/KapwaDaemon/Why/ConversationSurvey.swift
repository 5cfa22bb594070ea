import Glibc
import KapwaDomain
import KapwaJournal
import KapwaRouting
import KapwaWire

/// What the journal holds of one conversation, and which of it is to be explained.
struct ConversationSurvey {
    /// Events of the episode that is asked about, in order; messages left out.
    private(set) var story: [Event] = []
    /// Every offer, advice and assignment that the moment may mean.
    private(set) var decided: Event?
    /// How its offer ended.
    private(set) var ended: Event?
    private(set) var head: Int64 = 0
    /// Every change of rules or lexicon, in order.
    private(set) var changes: [(sequence: Int64, change: RulesChanged)] = []
    private var isKnown = false
    private var news = FloorNews()

    /// The state to look at is the fold of the events up to here.
    private(set) var sequence: Int64 = 0
    private(set) var at = Instant(milliseconds: 0)

    /// Events of one episode that are kept; of more, the oldest after the opening go first.
    private static let storyMax = 500

    init(_ question: WhyQuestion, reader: any JournalReading) throws {
        let decoder = EventDecoder()
        let needle = Array("\"\(question.conversation)\"".utf8)
        var last = Instant(milliseconds: 0)
        try reader.replay(tenant: question.tenant, from: 1) { entry in
            head = entry.sequence
            last = entry.at
            let isNews = FloorNews.types.contains(entry.type)
            guard isNews || entry.publicPart.contains(needle) else { return }
            let event = try decoder.decode(entry.parts)
            if case .rulesChanged(let change) = event.body { changes.append((event.sequence, change)) }
            if isNews { return news.take(event) }
            guard event.body.conversation == question.conversation else { return }
            isKnown = true
            take(event, question.moment)
        }
        guard head > 0 else {
            throw Refusal(.unknownTenant, "the journal has no tenant \"\(question.tenant)\"", field: "tenant")
        }
        guard isKnown else {
            throw Refusal(
                .unknownConversation,
                "the journal of tenant \"\(question.tenant)\" has no conversation"
                    + " \"\(question.conversation)\"", field: "conversation")
        }
        try settle(question, last)
        tellNews(question)
    }

    /// Puts into the story what changed for it on the floor meanwhile.
    private mutating func tellNews(_ question: WhyQuestion) {
        let end: Int64
        switch question.moment {
        case .offer: end = ended?.sequence ?? head
        case .sequence(let sequence): end = sequence
        case .latest: end = decided == nil ? sequence : story.last?.sequence ?? head
        }
        var topics: Set<String> = []
        for event in story {
            switch event.body {
            case .conversationOpened(let body): if let topic = body.topic { topics.insert(topic) }
            case .conversationUpdated(let body): if let topic = body.topic { topics.insert(topic) }
            default: break
            }
        }
        story = (story + news.concerning(topics, until: end)).sorted { $0.sequence < $1.sequence }
    }

    /// Takes what was in force where the journal begins, if that is not its first event.
    mutating func began(with state: RoutingState) {
        guard state.sequence > 0, changes.first.map({ $0.sequence > state.sequence }) ?? true else { return }
        changes.insert((state.sequence, state.lastRulesChange), at: 0)
    }

    /// What rules and lexicon were in force after an event.
    func change(at sequence: Int64) -> RulesChanged? { changes.last { $0.sequence <= sequence }?.change }

    private mutating func take(_ event: Event, _ moment: WhyQuestion.Moment) {
        if case .sequence(let sequence) = moment, event.sequence > sequence {
            noteEnd(event)
            return
        }
        if case .conversationOpened = event.body, !isSettled(moment) {
            story = []
            news.begin()
        }
        noteEnd(event)
        guard event.body.isTold, !isBeyond(event, moment) else { return }
        story.append(event)
        if story.count > Self.storyMax { story.remove(at: 1) }
        guard event.body.decides, !isSettled(moment) else { return }
        if case .offer(let wanted) = moment, event.body.offer != wanted { return }
        decided = event
        ended = nil
    }

    /// Whether what is asked about was found: later decisions are not meant.
    private func isSettled(_ moment: WhyQuestion.Moment) -> Bool {
        if case .offer = moment { return decided != nil }
        return false
    }

    /// Whether the event comes after the end of the offer that is asked about.
    private func isBeyond(_ event: Event, _ moment: WhyQuestion.Moment) -> Bool {
        guard case .offer = moment, let ended else { return false }
        return event.sequence > ended.sequence
    }

    private mutating func noteEnd(_ event: Event) {
        guard ended == nil, let offer = decided?.body.offer, event.sequence != decided?.sequence else { return }
        if event.body.endedOffer == offer { ended = event }
    }

    /// Chooses the point of the journal to look at.
    private mutating func settle(_ question: WhyQuestion, _ last: Instant) throws {
        switch question.moment {
        case .offer(let offer):
            guard decided != nil else {
                throw Refusal(
                    .unknownOffer, "conversation \"\(question.conversation)\" had no offer \"\(offer)\"",
                    field: "offer")
            }
        case .sequence(let sequence):
            guard sequence <= head else {
                throw Refusal(
                    .invalidField, "the journal ends at \(head); there is nothing at \(sequence) yet", field: "at")
            }
            guard let newest = story.last else {
                throw Refusal(
                    .invalidField, "conversation \"\(question.conversation)\" began after \(sequence)", field: "at")
            }
            if decided?.sequence != sequence { decided = nil }
            if decided == nil { (self.sequence, at) = (sequence, newest.at) }
        case .latest:
            // What it waits for now counts more than whom it was offered to before.
            if let newest = story.last, newest.body.makesWait { decided = nil }
            if decided == nil { standAtEnd(last) }
        }
        guard let decided else { return }
        let round = decided.body.decision?.round ?? 0
        (self.sequence, at) = (round > 0 ? round : decided.sequence - 1, decided.at)
    }

    /// Where it stands at the end of the journal; of one that is closed, right before.
    private mutating func standAtEnd(_ last: Instant) {
        (sequence, at) = (head, last)
        if let newest = story.last, case .conversationClosed = newest.body {
            (sequence, at) = (newest.sequence - 1, newest.at)
        }
    }
}

extension Event.Body {
    /// Whether it stands in a conversation's story: all but its words.
    fileprivate var isTold: Bool {
        switch self {
        case .conversationMessaged, .conversationTagged, .agentStressed: false
        default: true
        }
    }

    /// Whether it says who should have the conversation, or has it.
    fileprivate var decides: Bool {
        switch self {
        case .offerMade, .offerAdvised: true
        case .conversationAssigned(let body): body.offer == nil
        default: false
        }
    }

    /// Whether the conversation waits from here on.
    fileprivate var makesWait: Bool {
        switch self {
        case .conversationQueued, .conversationRequeued, .conversationRelaxed, .conversationHeld,
            .conversationUnroutable, .agentReserved:
            true
        case .conversationUpdated(let body): body.placement != nil
        default: false
        }
    }

    var offer: OfferID? {
        if case .offerMade(let body) = self { body.offer } else { nil }
    }

    var decision: Decision? {
        switch self {
        case .offerMade(let body): body.decision
        case .offerAdvised(let body): body.decision
        case .conversationAssigned(let body): body.decision
        default: nil
        }
    }

    /// Where the conversation stands from here on.
    var placement: Placement? {
        switch self {
        case .conversationQueued(let body), .conversationRequeued(let body), .conversationRelaxed(let body):
            body.placement
        case .conversationUpdated(let body): body.placement
        case .conversationRetagged(let body): body.placement
        default: nil
        }
    }

    /// The offer that ends with this event.
    fileprivate var endedOffer: OfferID? {
        switch self {
        case .offerDeclined(let body), .offerExpired(let body), .offerWithdrawn(let body): body.offer
        case .conversationAssigned(let body): body.offer
        default: nil
        }
    }
}

extension Array where Element == UInt8 {
    /// Whether these bytes, at least one, stand somewhere in it.
    func contains(_ needle: [UInt8]) -> Bool {
        withUnsafeBytes { bytes in
            needle.withUnsafeBytes { wanted in
                guard let start = bytes.baseAddress, let sought = wanted.baseAddress else { return false }
                var from = 0
                while from + wanted.count <= bytes.count {
                    let rest = bytes.count - wanted.count + 1 - from
                    guard let hit = memchr(start + from, Int32(wanted[0]), rest) else { return false }
                    if memcmp(hit, sought, wanted.count) == 0 { return true }
                    from = start.distance(to: UnsafeRawPointer(hit)) + 1
                }
                return false
            }
        }
    }
}

import KapwaDomain
public import KapwaJournal
import KapwaRouting
import KapwaRules
import KapwaWire

/// Answers why, from a journal: reads it twice and holds no more of it than one conversation's events.
public struct WhyReader: Sendable {
    private let reader: any JournalReading
    private let snapshots: SnapshotStore?

    /// - Parameter snapshots: of the same journal: only what came after the one before is replayed.
    public init(reader: any JournalReading, snapshots: SnapshotStore? = nil) {
        self.reader = reader
        self.snapshots = snapshots
    }

    /// - Throws: ``Refusal`` when there is nothing to explain, ``StartFailure`` when the journal cannot be read.
    public func answer(_ question: WhyQuestion) throws -> WhyAnswer {
        do {
            var survey = try ConversationSurvey(question, reader: reader)
            let state = try Replayer(reader: reader, snapshots: snapshots)
                .start(question.tenant, before: WhyReplay.stops(survey).min() ?? 0)
            survey.began(with: state)
            var replay = try WhyReplay(question, survey, rules: rulesInForce(survey), from: consume state)
            try replay.run(reader)
            return try answer(question, survey, replay)
        } catch let error as JournalError {
            throw StartFailure(error)
        } catch let error as EventDecodingError {
            throw StartFailure(.badData, "an event of the journal cannot be read: \(error)")
        }
    }

    private func answer(
        _ question: WhyQuestion, _ survey: ConversationSurvey, _ replay: WhyReplay
    ) throws -> WhyAnswer {
        guard let explanation = replay.explanation else {
            throw Refusal(
                .wrongState, "conversation \"\(question.conversation)\" is not open at \(survey.sequence)",
                field: "at", state: "closed")
        }
        var answer = WhyAnswer(tenant: question.tenant, explanation: explanation)
        answer.head = survey.head
        answer.decided = survey.decided
        answer.recorded = survey.decided?.body.decision
        answer.ended = survey.ended
        answer.story = survey.story
        answer.sameRound = replay.sameRound
        answer.waits = replay.waits
        answer.rules = survey.change(at: survey.sequence).flatMap { replay.rules[$0.hash] }
        return answer
    }

    /// The rules of every change that may have been in force for what is explained, by their hash.
    private func rulesInForce(_ survey: ConversationSurvey) throws(JournalError) -> [String: RuleSet] {
        var found: [String: RuleSet] = [:]
        for sequence in WhyReplay.stops(survey) {
            guard let hash = survey.change(at: sequence)?.hash, found[hash] == nil else { continue }
            found[hash] = try reader.ruleSet(hash: hash)
        }
        return found
    }
}

extension JournalReading {
    /// The rules that a hash of the journal names; `nil` when their text is not there or cannot be read any more.
    func ruleSet(hash: String) throws(JournalError) -> RuleSet? {
        var rules: RuleSet
        if hash == Checksum.sha256Hex([]) {
            rules = .standard
        } else {
            guard let text = try self.rules(hash: hash),
                case .success(let file) = RuleFile.read(bytes: text, name: "the rules \(hash)")
            else { return nil }
            rules = file.rules
        }
        rules.hash = hash
        return rules
    }
}

/// Makes the state as it was, and notes what happened around it.
struct WhyReplay {
    /// How things stood at the point that is asked about; `nil` when the conversation was not open.
    private(set) var explanation: Explanation?
    /// How things stood whenever the conversation began to wait, by the sequence of that event.
    private(set) var waits: [Int64: Decision] = [:]
    /// Whom other conversations got in the same round of matching.
    private(set) var sameRound: [AgentID: ConversationID] = [:]
    let rules: [String: RuleSet]
    private let question: WhyQuestion
    private let survey: ConversationSurvey
    private let waitsFrom: [Int64]
    private var state: RoutingState

    /// How often it is told how things stood when it began to wait; the last times tell most.
    private static let waitsMax = 4
    /// Events of one round of matching after the first.
    private static let roundEventsMax: Int64 = 1_024

    private struct Enough: Error {}

    init(_ question: WhyQuestion, _ survey: ConversationSurvey, rules: [String: RuleSet], from state: RoutingState) {
        self.question = question
        self.survey = survey
        self.rules = rules
        waitsFrom = Self.waits(survey)
        self.state = state
    }

    /// Sequences after which something is explained.
    static func stops(_ survey: ConversationSurvey) -> [Int64] { waits(survey) + [survey.sequence] }

    /// Sequences after which it waited for some time.
    private static func waits(_ survey: ConversationSurvey) -> [Int64] {
        var waits: [Int64] = []
        for (index, event) in survey.story.enumerated() where event.sequence <= survey.sequence {
            guard event.body.beginsWait else { continue }
            let end = survey.story[(index + 1)...].first { $0.body.endsWait }
            if end.map({ $0.at > event.at }) ?? true { waits.append(event.sequence) }
        }
        return Array(waits.suffix(waitsMax))
    }

    mutating func run(_ reader: any JournalReading) throws {
        let decoder = EventDecoder()
        let round = survey.decided?.body.decision?.round ?? 0
        do {
            let from = state.sequence + 1
            if state.sequence > 0 { note(at: state.lastEventAt) }
            try reader.replay(tenant: question.tenant, from: from) { entry in
                let isPast = entry.sequence <= survey.sequence
                guard isPast || (round > 0 && entry.sequence <= survey.sequence + Self.roundEventsMax) else {
                    throw Enough()
                }
                let event = try decoder.whole(entry)
                if isPast {
                    take(event)
                } else if event.cause != .match {
                    throw Enough()
                } else if case .offerMade(let body) = event.body, body.decision.round == round {
                    sameRound[body.agent] = body.conversation
                }
            }
        } catch is Enough {
            return
        }
    }

    private mutating func take(_ event: Event) {
        state.apply(event)
        note(at: event.at)
    }

    private mutating func note(at now: Instant) {
        if waitsFrom.contains(state.sequence) { waits[state.sequence] = explain(at: now)?.decision }
        if state.sequence == survey.sequence { explanation = explain(at: survey.at) }
    }

    /// Nothing of the state is copied: the router that answers is gone before the next event.
    private func explain(at now: Instant) -> Explanation? {
        let change = survey.change(at: state.sequence)
        let router = Router(
            state: state, rules: change.flatMap { rules[$0.hash] } ?? .standard, lexicon: change?.lexicon ?? "",
            version: KapwaVersion.current)
        var isAdvice = false
        if case .offerAdvised = survey.decided?.body { isAdvice = true }
        return router.explain(conversation: question.conversation, advising: isAdvice, at: now)
    }
}

extension Event.Body {
    /// Whether the conversation begins to wait with it, or with other needs.
    fileprivate var beginsWait: Bool {
        switch self {
        case .conversationQueued, .conversationRequeued, .conversationRelaxed: true
        default: false
        }
    }

    /// Whether somebody is asked or has it, it waits otherwise, or is over.
    fileprivate var endsWait: Bool {
        switch self {
        case .offerMade, .conversationAssigned, .conversationClosed: true
        default: beginsWait
        }
    }
}

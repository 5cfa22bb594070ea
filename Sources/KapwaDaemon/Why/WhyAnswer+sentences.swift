import KapwaDomain
import KapwaRouting
import KapwaRules

/// A heading and what stands under it.
public struct WhyChapter: Sendable, Hashable {
    /// One word for programs: `who`, `others`, `wait`, `record`.
    public var key: String
    public var title: String
    public var sentences: [String]
}

extension WhyAnswer {
    /// The answer for people: who, why not the others, why this long, and whether the record agrees.
    public func chapters(for audience: WhyAudience = .everyone) -> [WhyChapter] {
        [
            WhyChapter(
                key: "who", title: decided == nil ? "Where it stands" : "Why this agent", sentences: who(audience)),
            WhyChapter(key: "others", title: "Why not the others", sentences: others(audience)),
            WhyChapter(key: "wait", title: "Why this long", sentences: wait(audience)),
            WhyChapter(key: "record", title: "The record", sentences: record),
        ].filter { !$0.sentences.isEmpty }
    }

    /// Whom it was decided on; `nil` when nobody was.
    var chosen: AgentID? {
        switch decided?.body {
        case .offerMade(let body): body.agent
        case .offerAdvised(let body): body.agent
        case .conversationAssigned(let body): body.agent
        default: nil
        }
    }

    // MARK: Who

    private func who(_ audience: WhyAudience) -> [String] {
        guard let decided, let chosen else { return standing(audience) }
        var sentences: [String] = []
        let time = WhyWords.clock(decided.at)
        switch decided.body {
        case .offerMade: sentences.append("\(chosen) was asked at \(time). \(outcome)")
        case .offerAdvised(let body):
            sentences.append(
                "\(chosen) would have been asked at \(time); in mode \(body.mode.rawValue) Kapwa only says so.")
        case .conversationAssigned(let body):
            let words =
                WhyWords.story(decided.body, audience, after: OfferAnswers(), from: nil) ?? "\(chosen) has it"
            sentences.append("At \(time) \(words). Kapwa did not choose.")
            if body.source == .supervisor, let best = explanation.passed.first {
                sentences.append("Kapwa would have asked \(best.agent).")
            }
            return sentences
        default: return standing(audience)
        }
        if explanation.placement?.safety == true {
            sentences.append("Somebody may be in danger, so it came before everything else that waited.")
        }
        sentences += reasons(chosen, audience)
        return sentences
    }

    private var outcome: String {
        guard let ended, let chosen else { return "The offer was still open when the journal was read." }
        let time = WhyWords.clock(ended.at)
        switch ended.body {
        case .conversationAssigned(let body):
            return "\(chosen) took it at \(time), \(WhyWords.time(body.waitedMilliseconds)) after it began to wait."
        case .offerDeclined: return "\(chosen) declined at \(time)."
        case .offerExpired: return "\(chosen) had not answered by \(time)."
        default: return "The offer was withdrawn at \(time)."
        }
    }

    /// What speaks for the one who was asked.
    private func reasons(_ chosen: AgentID, _ audience: WhyAudience) -> [String] {
        let passed = explanation.passed
        guard let winner = passed.first(where: { $0.agent == chosen }) else { return [] }
        guard passed.count > 1 else { return ["Nobody else could have taken it."] }
        let ready = WhyWords.count(passed.count, "agent", "agents")
        guard let next = passed.first(where: { $0.agent != chosen }), let rules else {
            return ["\(ready) could have taken it."]
        }
        var sentences: [String] = []
        if passed.first?.agent == chosen {
            sentences.append("\(ready) could have taken it, and \(chosen) fitted best.")
        } else {
            sentences.append(
                "\(ready) could have taken it. Everybody who waited was paired at once, each at most once, so that all"
                    + " pairs together fitted best; \(chosen) is who was left for this one.")
        }
        let against = WhyWords.drawbacks(
            of: next, against: winner, rules.weights, audience, after: answers(of: next.agent))
        if against.isEmpty {
            sentences.append("\(next.agent) fitted just as well; then the name that sorts first is asked.")
        } else {
            sentences.append("\(next.agent) was next: \(WhyWords.list(Array(against.prefix(3)))).")
        }
        return sentences
    }

    /// How an agent, or everybody, had answered when it was decided.
    private func answers(of agent: AgentID? = nil) -> OfferAnswers {
        OfferAnswers(of: agent, in: story, until: explanation.sequence)
    }

    // MARK: Where it stands

    private func standing(_ audience: WhyAudience) -> [String] {
        let time = WhyWords.clock(explanation.at)
        switch explanation.phase {
        case .open: return ["At \(time) a bot still had it: it was in no queue."]
        case .queued: return waiting(time, audience)
        case .offered:
            return ["At \(time) \(explanation.agent?.rawValue ?? "somebody") was asked and had not answered."]
        case .assigned: return ["At \(time) \(explanation.agent?.rawValue ?? "somebody") had it."]
        case .closed: return ["At \(time) it was closed."]
        }
    }

    private func waiting(_ time: String, _ audience: WhyAudience) -> [String] {
        guard let placement = explanation.placement else { return [] }
        let waited = WhyWords.time(explanation.at - explanation.since)
        var sentences = [
            "At \(time) it had waited \(waited) in queue \(placement.queue),"
                + " number \(explanation.place ?? placement.position) of all that waited, and needed"
                + " \(WhyWords.needs(placement.needs))."
        ]
        switch explanation.waitsFor {
        case .held(let reason, let until):
            let whom = WhyWords.hold(reason.map(Reason.word), audience, after: answers())
            sentences.append("It is held until \(WhyWords.clock(until)) for \(whom).")
        case .reserved(let agent, let until):
            sentences.append("\(agent) takes nothing else until it fits, until \(WhyWords.clock(until)) at the latest.")
        case .closed(let until):
            sentences.append(
                until.map { "The queue is closed until \(WhyWords.date($0)); until then nothing counts as waiting." }
                    ?? "The queue is closed and will not open.")
        case .only(let agent, let until):
            sentences.append("Until \(WhyWords.clock(until)) \(agent) alone is asked.")
        case .unroutable: sentences.append("Nobody, ready or not, has what its last step needs.")
        case nil: break
        }
        sentences += steps
        return sentences
    }

    private var steps: [String] {
        guard explanation.steps.count > 1 else { return [] }
        return explanation.steps.map { step in
            let words: String
            switch step.state {
            case .active: words = "is in force"
            case .joined: words = "was in force when somebody was found"
            case .expired: words = "is over, nobody was found"
            case .inactive: words = "has not begun; it begins \(WhyWords.time(step.after)) after the one before it"
            }
            return "Step \(step.step) (needs \(WhyWords.needs(step.needs))) \(words)."
        }
    }

    // MARK: Others

    private func others(_ audience: WhyAudience) -> [String] {
        let passed = explanation.passed
        let winner = chosen.flatMap { chosen in passed.first { $0.agent == chosen } }
        return explanation.agents.filter { $0.agent != chosen }.map { outcome in
            "\(outcome.agent) \(words(outcome, winner, audience))."
        }
    }

    private func words(_ outcome: AgentOutcome, _ winner: Decision.Candidate?, _ audience: WhyAudience) -> String {
        switch outcome.verdict {
        case .failed(let failed):
            return WhyWords.failure(failed, audience, after: answers(of: outcome.agent))
        case .notAsked(.anotherAlone): return "could have taken it, but another agent alone was to be asked"
        case .notAsked(.mode): return "could have taken it, but for that team Kapwa only says what it would do"
        case .notAsked(.closed): return "could have taken it, but the queue is closed"
        case .passed(let candidate):
            if let other = sameRound[outcome.agent] {
                return "could have taken it, and was asked to take \(other) instead"
            }
            guard let winner, let rules else { return "could have taken it" }
            let against = WhyWords.drawbacks(
                of: candidate, against: winner, rules.weights, audience, after: answers(of: outcome.agent))
            guard !against.isEmpty else { return "could have taken it just as well" }
            return "could have taken it, but \(WhyWords.list(Array(against.prefix(2))))"
        }
    }

    // MARK: Wait

    private func wait(_ audience: WhyAudience) -> [String] {
        var sentences: [String] = []
        var answers = OfferAnswers()
        var placement: Placement?
        for event in story {
            let words = WhyWords.story(event.body, audience, after: answers, from: placement)
            answers.take(event.body)
            placement = event.body.placement ?? placement
            guard let words else { continue }
            sentences.append("\(WhyWords.clock(event.at)) \(words).")
            guard let stood = waits[event.sequence], stood.eligible == 0 else { continue }
            let all = stood.failed.reduce(0) { $0 + $1.agents }
            let counts = WhyWords.counts(stood.failed)
            sentences.append(
                all == 0
                    ? "  Then there was no agent at all."
                    : "  Then nobody could take it: of \(WhyWords.count(all, "agent", "agents")) \(counts).")
        }
        return sentences + headStart
    }

    /// Where it stood in line, and what for.
    private var headStart: [String] {
        guard !explanation.points.isEmpty else { return [] }
        let parts = explanation.points.map { source in
            let name: String
            switch source.source {
            case .priority: name = "its priority"
            case .urgency: name = "urgent words"
            case .distress: name = "distress"
            case .family: name = "family in need"
            case .badExperiences: name = "bad experiences before"
            case .other: name = "the site's own rules, or what was gained earlier"
            }
            return "\(source.points) for \(name)"
        }
        return ["Its head start in minutes: \(WhyWords.list(parts)). Anger gives none."]
    }

    // MARK: Record

    private var record: [String] {
        var sentences: [String] = []
        let decision = recorded ?? explanation.decision
        if let agrees {
            let replay = "Replaying the journal up to event \(explanation.sequence)"
            sentences.append(
                agrees
                    ? "\(replay) gives exactly what was recorded."
                    : "\(replay) does not give what was recorded; that is so when a customer was forgotten since,"
                        + " and a mistake in Kapwa otherwise.")
        } else {
            sentences.append("This is the journal up to event \(explanation.sequence) of \(head).")
        }
        if rules == nil {
            sentences.append(
                "The text of the rules \(decision.rules) is not in the journal or cannot be read by this version;"
                    + " costs and points are those of the built-in rules and may be wrong.")
        }
        sentences.append("Rules \(decision.rules), version \(decision.rulesVersion).")
        return sentences
    }
}

import KapwaDomain
import KapwaRouting

/// Commands as nobody sensible would send them.
extension RandomFloor {
    enum Kind: Int, CaseIterable {
        case upsert, presence, shift, remove, message, answer, wrongAnswer, close, transfer, assign, wrapup, breakStart
        case breakEnd, postpone, grant, stress, safety, update, retag, incident, affinity, followup, feedback, read

        var weight: Int {
            switch self {
            case .message: 36
            case .answer: 18
            case .presence: 12
            case .upsert, .close, .transfer, .assign, .wrapup: 5
            case .breakStart, .breakEnd, .update: 3
            case .shift, .postpone, .grant, .stress, .safety, .retag, .incident, .affinity, .feedback: 2
            case .remove, .wrongAnswer, .followup, .read: 1
            }
        }
    }

    mutating func command() -> Command {
        var left = random.pick(0..<max(1, world.weights.reduce(0, +)))
        var kind = Kind.message
        for candidate in Kind.allCases {
            left -= world.weights[candidate.rawValue]
            if left < 0 {
                kind = candidate
                break
            }
        }
        let by = random.isLucky(400) ? Person(role: random.pick(["supervisor", "lead"]), name: "Lea") : nil
        return Command(id: CommandID("r\(commands)"), by: by, body: body(kind))
    }

    private mutating func body(_ kind: Kind) -> Command.Body {
        let agent = random.pick(world.agents)
        let conversation = random.pick(world.conversations)
        switch kind {
        case .upsert: return .agentUpsert(upsert(agent))
        case .presence:
            return .agentState(
                AgentState(
                    agent: agent, state: random.pick([.ready, .ready, .ready, .away, .offline]),
                    leaseSeconds: random.isLucky(200) ? random.pick(10...600) : nil))
        case .shift:
            let start = now + Int64(random.pick(-18_000_000...36_000_000))
            let end = start + Int64(random.pick(1...24)) * .hours(1)
            return .agentShift(
                AgentShift(
                    agent: agent, startsAt: start, endsAt: end,
                    mealAt: random.isLucky(300) ? start + .hours(Int64(random.pick(0...5))) : nil))
        case .remove: return .agentRemove(AgentRemove(agent: agent, reason: "left"))
        case .message: return .conversationMessage(message(conversation, agent))
        case .answer, .wrongAnswer: return answer(isWrong: kind == .wrongAnswer)
        case .close:
            return .conversationClose(
                ConversationClose(
                    conversation: held(by: agent) ?? conversation, outcome: random.pick(Outcome.allCases)))
        case .transfer:
            return .conversationTransfer(
                ConversationTransfer(
                    conversation: held(by: agent) ?? conversation, reason: "r",
                    skills: random.isLucky(200) ? skills() : nil,
                    queue: random.pick([nil, "billing", "main", "nowhere"]),
                    agent: random.isLucky(300) ? random.pick(world.agents) : nil))
        case .assign:
            return .conversationAssign(
                ConversationAssign(
                    conversation: conversation, agent: agent, source: random.pick(ConversationAssign.Source.allCases),
                    reason: "r", overrides: random.isLucky(500) ? Override.allCases : []))
        case .wrapup:
            return .wrapupDone(
                WrapupDone(
                    agent: agent, conversation: wrapped(by: agent) ?? conversation,
                    hard: random.pick([nil, true, false])))
        default: return more(kind, agent, conversation)
        }
    }

    private mutating func more(_ kind: Kind, _ agent: AgentID, _ conversation: ConversationID) -> Command.Body {
        let minutes = random.isLucky(500) ? random.pick(1...60) : nil
        switch kind {
        case .breakStart:
            return .breakStart(
                BreakStart(agent: agent, kind: random.pick([nil] + BreakKind.allCases), minutes: minutes, reason: "r"))
        case .breakEnd: return .breakEnd(BreakEnd(agent: agent, reason: "r"))
        case .postpone:
            return .breakPostpone(
                BreakPostpone(agent: agent, kind: random.pick([nil, .stress, .meal]), minutes: minutes, reason: "r"))
        case .grant: return .breakGrant(BreakGrant(agent: agent, minutes: minutes, reason: "r"))
        case .stress:
            return .stressReport(
                StressReport(agent: agent, conversation: random.isLucky(500) ? held(by: agent) ?? conversation : nil))
        case .safety: return .safetyAcknowledge(SafetyAcknowledge(conversation: conversation))
        case .update:
            return .conversationUpdate(
                ConversationUpdate(
                    conversation: conversation, customer: random.isLucky(200) ? random.pick(world.customers) : nil,
                    topic: random.isLucky(200) ? "storm" : nil, queue: random.pick([nil, "billing", "main"]),
                    skills: random.isLucky(400) ? skills() : nil,
                    priority: random.isLucky(500) ? random.pick(0...100) : nil))
        case .retag:
            let tag = random.pick(Tag.allCases)
            return .conversationRetag(
                ConversationRetag(
                    conversation: conversation, tags: [TagCorrection(tag: tag, holds: random.isLucky(400))], reason: "r"
                ))
        case .incident:
            return random.isLucky(600)
                ? .incidentDeclare(
                    IncidentDeclare(
                        topic: "storm", until: now + Int64(random.pick(1...14_400_000)), reason: "r"))
                : .incidentEnd(IncidentEnd(topic: "storm"))
        case .affinity:
            return .affinityLift(
                AffinityLift(
                    customer: random.pick(world.customers), agent: agent, reason: "r", agreed: random.isLucky(700)))
        case .followup: return .followupDone(FollowupDone(conversation: conversation))
        case .feedback:
            return .feedbackRecord(
                FeedbackRecord(
                    conversation: conversation, csat: random.pick([nil, 1, 3, 5]), nps: 5,
                    assessment: random.isLucky(500) ? assessment() : nil))
        default:
            return .stateRead(StateRead(what: random.pick(StateRead.What.allCases), limit: random.pick(1...50)))
        }
    }

    // MARK: Parts of commands

    private mutating func skills() -> Skills {
        var entries: [Skills.Entry] = []
        for name in ["billing", "tagalog", "safety"] as [SkillID] where random.isLucky(500) {
            entries.append(Skills.Entry(skill: name, level: random.pick(1...5)))
        }
        return Skills(entries)
    }

    private mutating func upsert(_ agent: AgentID) -> AgentUpsert {
        AgentUpsert(
            agent: agent, skills: skills(), capacity: random.pick([nil, 10, 30, 100, 100, 200]),
            team: random.pick([nil, nil, "day", "night"]))
    }

    private mutating func message(_ conversation: ConversationID, _ agent: AgentID) -> ConversationMessage {
        let from: Speaker = random.pick([.customer, .customer, .customer, .agent, .bot, .system])
        return ConversationMessage(
            conversation: conversation, from: from, text: random.isLucky(50) ? "" : "words",
            agent: from == .agent ? agent : nil, channel: random.pick(world.channels),
            customer: random.isLucky(500) ? random.pick(world.customers) : nil,
            queue: random.isLucky(300) ? random.pick(["main", "billing"]) : nil,
            skills: random.isLucky(150) ? skills() : nil,
            priority: random.isLucky(200) ? random.pick(0...100) : nil,
            preferredAgent: random.isLucky(100) ? random.pick(world.agents) : nil,
            topic: random.isLucky(200) ? "storm" : nil, hold: random.isLucky(100),
            assessment: from == .customer ? assessment() : nil)
    }

    private mutating func assessment() -> Assessment {
        var found = Assessment()
        for tag in Tag.allCases where random.isLucky(world.heat) {
            found.tags[tag] = Score(milli: random.pick(0...1_000))
        }
        found.polarity = Score(milli: found.tags.relief.milli - found.tags.hardness.milli)
        found.language = random.pick(Assessment.Language.allCases)
        found.scored = random.isLucky(50) ? random.pick([.low, .failed]) : .ok
        if found.tags.abuse >= .holds {
            found.abuse = Abuse(kind: random.pick(Abuse.Kind.allCases), target: .agent)
        } else if random.isLucky(30) {
            found.tags.abuse = 0
            found.abuse = Abuse(kind: .insult, target: .other)
        }
        if random.isLucky(15) {
            found.safety = [
                SafetyFlag(
                    kind: random.pick(SafetyFlag.Kind.allCases), level: random.pick(SafetyFlag.Level.allCases),
                    text: "words", start: 0, end: 5)
            ]
        }
        return found
    }

    private mutating func answer(isWrong: Bool) -> Command.Body {
        let open = checker.auditor.offers.values.sorted { ($0.madeAt, $0.id) < ($1.madeAt, $1.id) }
        guard !open.isEmpty else {
            return .offerAccept(
                OfferAnswer(offer: OfferID("o\(random.pick(1...500))"), agent: random.pick(world.agents)))
        }
        let offer = random.pick(open)
        let answer = OfferAnswer(offer: offer.id, agent: isWrong ? random.pick(world.agents) : offer.agent)
        return random.isLucky(750) ? .offerAccept(answer) : .offerDecline(answer)
    }

    private mutating func held(by agent: AgentID) -> ConversationID? {
        guard let contacts = checker.auditor.agents[agent]?.contacts, !contacts.isEmpty else { return nil }
        return random.pick(contacts)
    }

    private mutating func wrapped(by agent: AgentID) -> ConversationID? {
        guard let wrapups = checker.auditor.agents[agent]?.wrapups, !wrapups.isEmpty else { return nil }
        return random.pick(wrapups).key.conversation
    }
}

import Foundation
import KapwaDomain
import KapwaRules

/// Takes cases out of a file.
struct CaseReader {
    static let agentKeys = AgentCard.keys + changeKeys
    /// What a case may change of an agent besides skills, team and capacity.
    static let changeKeys = ["state", "load", "ledger", "idle"]
    static let caseKeys = ["name", "at", "with", "conversation", "expect"]
    static let conversationKeys = [
        "channel", "topic", "customer", "queue", "skills", "priority", "prefer", "attributes", "language", "tags",
        "abuse", "safety", "polarity", "scored", "waited", "bad_episodes", "with", "lasted",
    ]
    static let expectKeys = [
        "queue", "points", "step", "needs", "candidates", "rejected", "offered_to", "unroutable", "break", "invited",
    ]
    /// Monday, 23 November 2026, 10:00 in Manila: what `now` is when nobody says.
    static let defaultNow = Instant(milliseconds: 1_795_399_200_000)

    func file(_ file: Section, name: String) -> CaseFile {
        var cases = CaseFile()
        let now = file["now"].flatMap(instant) ?? Self.defaultNow
        for field in file.required("agents", example: "[{id: ana}]")?.list(most: Limits.caseAgentsMax) ?? [] {
            guard let section = field.section(keys: Self.agentKeys), let card = AgentCard.read(section) else {
                continue
            }
            guard !cases.agents.contains(where: { $0.card.id == card.id }) else {
                field.report("the agent \"\(card.id)\" is there already", fix: "name each agent once")
                continue
            }
            var agent = CaseAgent(card: card)
            change(&agent, section)
            cases.agents.append(agent)
        }
        cases.agents.sort { $0.card.id < $1.card.id }
        let fields = file.required("cases", example: "[{name: …, conversation: {…}, expect: {…}}]")?
            .list(most: Limits.casesMax)
        if fields?.isEmpty == true { file["cases"]?.report("there is no case", fix: "write at least one") }
        for field in fields ?? [] {
            if let one = self.case(field, file: name, agents: cases.agents, now: now) { cases.cases.append(one) }
        }
        return cases
    }

    private func change(_ agent: inout CaseAgent, _ section: Section) {
        if let state = section["state"]?.choice("state", of: CaseAgent.State.self) { agent.state = state }
        if let load = section["load"], let units = load.integer(in: 0...Limits.capacities.upperBound) {
            if CaseFloor.contacts(units) == nil {
                load.report(
                    "no contacts make a load of \(units)", fix: "add up voice 100, chat 25 and email 15")
            }
            agent.load = units
        }
        if let ledger = section["ledger"]?.thousandths(in: 0...Limits.caseLedgerMax) { agent.ledger = ledger }
        if let idle = section["idle"]?.duration(in: 0...(.hours(8))) { agent.idle = idle }
    }

    private func `case`(_ field: Field, file: String, agents: [CaseAgent], now: Instant) -> RuleCase? {
        guard let section = field.section(keys: Self.caseKeys),
            let name = section.required("name", example: "a refund goes to care")?.text()
        else { return nil }
        let at = section["at"].flatMap(instant) ?? now
        var one = RuleCase(
            name: name, place: "\(file):\(field.line):\(field.column)", at: at, agents: agents)
        for (key, value) in section["with"]?.section(keys: nil)?.all ?? [] {
            let id = key.identifier("agent", of: Named.Agent.self)
            guard let id, let place = one.agents.firstIndex(where: { $0.card.id == id }) else {
                key.report("no such agent stands under agents", fix: "name one of them")
                continue
            }
            let keys = Self.agentKeys.filter { $0 != "id" }
            guard let changes = value.section(keys: keys) else { continue }
            AgentCard.change(&one.agents[place].card, changes)
            change(&one.agents[place], changes)
        }
        let known = Set(one.agents.map(\.card.id))
        if let field = section.required("conversation", example: "{topic: refund}") {
            conversation(field, into: &one.conversation, known: known)
        }
        if let field = section.required("expect", example: "{queue: main}") {
            expectation(field, into: &one.expected, known: known)
            let expectsBreak = one.expected.owed != nil || one.expected.invited != nil
            if expectsBreak, one.conversation.with == nil {
                field.report(
                    "nobody has the conversation", fix: "write conversation: {with: ana} to say whose break it is")
            }
            if one.conversation.with != nil, one.expected.candidates != nil || one.expected.offeredTo != nil {
                field.report("it is with somebody already", fix: "leave out with, or candidates and offered_to")
            }
        }
        return one
    }

    private func conversation(_ field: Field, into conversation: inout CaseConversation, known: Set<AgentID>) {
        guard let section = field.section(keys: Self.conversationKeys) else { return }
        if let channel = section["channel"]?.choice("channel", of: Channel.self) { conversation.channel = channel }
        conversation.topic = section["topic"]?.text()
        conversation.customer = section["customer"]?.identifier("customer", of: Named.Customer.self)
        conversation.queue = section["queue"]?.identifier("queue", of: Named.Queue.self)
        conversation.skills = section["skills"].flatMap(AgentCard.skills)
        conversation.priority = section["priority"]?.integer(in: Limits.priorities)
        conversation.prefers = section["prefer"].flatMap { agent($0, known) }
        conversation.attributes = Attributes(
            (section["attributes"]?.section(keys: nil)?.all ?? []).compactMap { key, value in
                guard let name = key.text(), let value = value.attribute() else { return nil }
                return Attributes.Entry(name: name, value: value)
            })
        words(section, into: &conversation.assessment)
        if let waited = section["waited"]?.duration(in: 0...(.hours(24))) { conversation.waited = waited }
        if let bad = section["bad_episodes"]?.integer(in: 0...20) {
            conversation.badEpisodes = bad
            conversation.customer = conversation.customer ?? "customer"
        }
        conversation.with = section["with"].flatMap { agent($0, known) }
        conversation.lasted = section["lasted"]?.duration(in: 0...(.hours(8)))
        if conversation.lasted != nil, section["with"] == nil {
            section["lasted"]?.report("nobody has it", fix: "write with: ana too")
        }
    }

    private func words(_ section: Section, into found: inout Assessment) {
        found.language = section["language"]?.choice("language", of: Assessment.Language.self) ?? .en
        for (key, value) in section["tags"]?.section(keys: KapwaDomain.Tag.allCases.map(\.rawValue))?.all ?? [] {
            guard let name = key.text(), let tag = KapwaDomain.Tag(rawValue: name),
                let score = value.thousandths(in: 0...1_000)
            else { continue }
            found.tags[tag] = Score(milli: score)
        }
        if let kind = section["abuse"]?.choice("kind of abuse", of: Abuse.Kind.self) {
            found.abuse = Abuse(kind: kind, target: .agent)
            found.tags.abuse = max(found.tags.abuse, .holds)
        }
        if let level = section["safety"]?.choice("level", of: SafetyFlag.Level.self) {
            found.safety = [SafetyFlag(kind: .selfHarm, level: level, text: "words", start: 0, end: 5)]
        }
        found.scored = section["scored"]?.choice("confidence", of: Assessment.Confidence.self) ?? .ok
        // Unless it is said, the feeling follows from the tags.
        found.polarity = Score(milli: found.tags.relief.milli - found.tags.hardness.milli)
        if let polarity = section["polarity"]?.signedThousandths() { found.polarity = Score(milli: polarity) }
    }

    private func agent(_ field: Field, _ known: Set<AgentID>) -> AgentID? {
        guard let id = field.identifier("agent", of: Named.Agent.self) else { return nil }
        if !known.contains(id) { field.report("there is no agent \"\(id)\"", fix: "name one that stands under agents") }
        return id
    }

    private func expectation(_ field: Field, into expected: inout Expectation, known: Set<AgentID>) {
        guard let section = field.section(keys: Self.expectKeys) else { return }
        if section.all.isEmpty {
            field.report("nothing is expected", fix: "write queue, candidates or break, for example")
        }
        expected.queue = section["queue"]?.identifier("queue", of: Named.Queue.self)
        expected.points = section["points"]?.integer(in: 0...Limits.pointsMax)
        expected.step = section["step"]?.integer(in: 0...Limits.stepsPerQueueMax)
        expected.needs = section["needs"].flatMap(AgentCard.skills)
        expected.candidates = section["candidates"]?.list(most: Limits.caseAgentsMax)?.compactMap { field in
            guard field.isMapping else { return agent(field, known).map { .init(agent: $0) } }
            guard let section = field.section(keys: ["agent", "cost"]) else { return nil }
            let id = section.required("agent", example: "ana").flatMap { agent($0, known) }
            let cost = section["cost"]?.integer(in: 0...1_000_000_000)
            return id.map { .init(agent: $0, cost: cost) }
        }
        for (key, value) in section["rejected"]?.section(keys: nil)?.all ?? [] {
            guard let id = agent(key, known), let test = value.choice("test", of: HardTest.self) else { continue }
            expected.rejected.append(.init(agent: id, test: test))
        }
        expected.offeredTo = section["offered_to"].flatMap { agent($0, known) }
        expected.unroutable = section["unroutable"]?.flag()
        expected.owed = section["break"].flatMap(self.break)
        expected.invited = section["invited"]?.duration(in: .minutes(1)...(.hours(1))).map { Int($0 / .minutes(1)) }
    }

    private func `break`(_ field: Field) -> Expectation.Break? {
        guard field.isMapping else {
            if field.text() == "none" { return Expectation.Break.none }
            field.report("this is no break", fix: "write none, or {length: 10m, at_once: true}")
            return nil
        }
        guard let section = field.section(keys: ["length", "at_once"]) else { return nil }
        let length = section.required("length", example: "10m")?.duration(in: .minutes(1)...(.hours(4)))
        let atOnce = section["at_once"]?.flag()
        return length.map { .some(minutes: Int($0 / .minutes(1)), atOnce: atOnce) }
    }

    private func instant(_ field: Field) -> Instant? {
        guard let text = field.text(bytes: 1...64) else { return nil }
        guard let date = try? Date(text, strategy: .iso8601), abs(date.timeIntervalSince1970) < 100_000_000_000 else {
            field.report("\"\(text)\" is no time", fix: "write it as 2026-11-23T10:00:00+08:00")
            return nil
        }
        return Instant(milliseconds: Int64(date.timeIntervalSince1970 * 1_000))
    }
}

import KapwaDomain

/// Customers come, wait, write, give up, come back.
extension Simulation {
    private static let words = "…"

    static func conversationID(_ contact: Int) -> ConversationID { ConversationID("c\(contact)") }

    /// The number in `c123` or `a0007`.
    static func number(in id: String) -> Int {
        var number = 0
        for byte in id.utf8.dropFirst() { number = number * 10 + Int(byte) - 0x30 }
        return number
    }

    /// Minutes of waiting that the customer minds.
    private func mindedMinutes(_ contact: Int) -> Double {
        guard world.settings.kind != .independent else { return 0 }
        let state = contacts[contact]
        let end = state.phase == .talking ? state.talkSince : now
        return Double(max(0, end - state.began - .seconds(20))) / 60_000
    }

    private func found(_ contact: Int, progress: Int?) -> Assessment {
        let plan = world.contacts[contact]
        contacts[contact].messages += 1
        let agent = Int(contacts[contact].agent)
        var tiredness = 0.0
        if progress != nil, world.settings.kind == .fatigue, agent >= 0 {
            agents[agent].rest(until: now)
            tiredness = agents[agent].fatigue
        }
        let message = progress == nil ? Int(contacts[contact].messages) : Int(contacts[contact].told)
        let found = plan.mood.assessment(
            message: message, progress: progress, waited: mindedMinutes(contact), tiredness: tiredness,
            language: plan.errand.language)
        if found.tags.isHard { contacts[contact].wasHard = true }
        return found
    }

    func arrive(_ contact: Int) {
        open(contact)
        record.arrived(at: now)
    }

    private func open(_ contact: Int) {
        let plan = world.contacts[contact]
        contacts[contact].phase = .waiting
        contacts[contact].began = now
        contacts[contact].generation += 1
        contacts[contact].isEpisodeCounted = false
        contacts[contact].wasHard = false
        let assessment = found(contact, progress: nil)
        send(
            .conversationMessage(
                ConversationMessage(
                    conversation: Self.conversationID(contact), from: .customer, text: Self.words,
                    channel: plan.errand.channel, customer: CustomerID("k\(plan.customer)"),
                    preferredAgent: plan.prefers.map { world.agents[$0].id }, topic: plan.errand.topic,
                    attributes: plan.errand.attributes.isEmpty ? nil : plan.errand.attributes, assessment: assessment)))
        wait(contact)
    }

    /// The clock of patience begins, and people write while they wait.
    func wait(_ contact: Int) {
        let plan = world.contacts[contact]
        let state = contacts[contact]
        let id = Int32(contact)
        if let patience = plan.patience {
            // Who comes back has more of it.
            let length = state.hasReturned ? patience * 3 / 2 : patience
            agenda.enter(.giveUp(id, generation: state.generation), at: now + length)
        }
        if plan.errand.channel.family == .chat {
            agenda.enter(
                .waitingMessage(id, generation: state.generation), at: now + 45_000 + Int64(plan.seed % 45_000))
        }
    }

    func writeWhileWaiting(_ contact: Int) {
        guard contacts[contact].phase == .waiting, contacts[contact].messages < 5 else { return }
        say(contact, found(contact, progress: nil))
        let generation = contacts[contact].generation
        agenda.enter(
            .waitingMessage(Int32(contact), generation: generation),
            at: now + 60_000 + Int64(world.contacts[contact].seed % 60_000))
    }

    private func say(_ contact: Int, _ assessment: Assessment) {
        send(
            .conversationMessage(
                ConversationMessage(
                    conversation: Self.conversationID(contact), from: .customer, text: Self.words,
                    channel: world.contacts[contact].errand.channel, assessment: assessment)))
    }

    func giveUp(_ contact: Int) {
        guard contacts[contact].phase == .waiting else { return }
        send(.conversationClose(ConversationClose(conversation: Self.conversationID(contact), outcome: .abandoned)))
        let plan = world.contacts[contact]
        guard !contacts[contact].hasReturned, let after = plan.returnsAfter else { return }
        contacts[contact].hasReturned = true
        unfinished += 1
        agenda.enter(.comeBack(Int32(contact)), at: now + after)
    }

    func comeBack(_ contact: Int) {
        unfinished -= 1
        guard contacts[contact].phase == .over || contacts[contact].phase == .waiting else { return }
        if contacts[contact].phase == .over { unfinished += 1 }
        contacts[contact].messages = 0
        open(contact)
    }

    // MARK: With an agent

    /// An agent has it: how long it takes, and when something is said.
    func beginTalk(_ contact: Int, with agent: Int) {
        let plan = world.contacts[contact]
        contacts[contact].generation += 1
        contacts[contact].phase = .talking
        contacts[contact].agent = Int32(agent)
        contacts[contact].talkSince = now
        contacts[contact].told = 0
        contacts[contact].isCounted = contacts[contact].wasHard
        if contacts[contact].wasHard { record.hardContact(of: agent) }
        var length = contacts[contact].left
        agents[agent].rest(until: now)
        if world.settings.kind == .fatigue {
            length = Milliseconds(Double(length) * (1 + 0.35 * agents[agent].fatigue))
        }
        contacts[contact].talkLength = max(5_000, length)
        let generation = contacts[contact].generation
        let id = Int32(contact)
        agenda.enter(.finish(id, generation: generation), at: now + contacts[contact].talkLength)
        mayBeForSomebodyElse(contact)
        for number in 0..<plan.messages {
            let at = now + contacts[contact].talkLength * Int64(number + 1) / Int64(plan.messages + 1)
            agenda.enter(.customerMessage(id, generation: generation), at: at)
        }
        if plan.errand.channel.family == .chat {
            agenda.enter(.agentMessage(id, generation: generation), at: now + 4_000 + Int64(plan.seed % 12_000))
        }
    }

    func speak(_ contact: Int) {
        guard contacts[contact].phase == .talking else { return }
        let plan = world.contacts[contact]
        let progress = min(1_000, Int(contacts[contact].told + 1) * 1_000 / max(1, plan.messages))
        let assessment = found(contact, progress: progress)
        contacts[contact].told += 1
        noteStrain(contact, assessment)
        say(contact, assessment)
        guard plan.errand.channel.family == .chat else { return }
        let generation = contacts[contact].generation
        let pause = 5_000 + Int64((plan.seed >> 7) % 25_000)
        agenda.enter(.agentMessage(Int32(contact), generation: generation), at: now + pause)
    }

    /// The first hard word makes it a hard contact of the agent's.
    private func noteStrain(_ contact: Int, _ found: Assessment) {
        let agent = Int(contacts[contact].agent)
        guard agent >= 0, found.tags.isHard, !contacts[contact].isCounted else { return }
        contacts[contact].isCounted = true
        record.hardContact(of: agent)
    }

    func reply(_ contact: Int) {
        let agent = Int(contacts[contact].agent)
        guard contacts[contact].phase == .talking, agent >= 0, agents[agent].isConnected, !agents[agent].isOnBreak,
            agents[agent].isOnDuty
        else { return }
        send(
            .conversationMessage(
                ConversationMessage(
                    conversation: Self.conversationID(contact), from: .agent, text: Self.words,
                    agent: world.agents[agent].id)))
    }

    func finish(_ contact: Int) {
        let agent = Int(contacts[contact].agent)
        guard contacts[contact].phase == .talking, agent >= 0 else { return }
        guard agents[agent].isConnected, !agents[agent].isOnBreak else {
            // Nobody is at the desk: it goes on when somebody is.
            let generation = contacts[contact].generation
            agenda.enter(.finish(Int32(contact), generation: generation), at: now + .minutes(1))
            return
        }
        send(.conversationClose(ConversationClose(conversation: Self.conversationID(contact), outcome: .resolved)))
    }

    /// What is left to do when it changes hands.
    func interrupt(_ contact: Int) {
        let done = now - contacts[contact].talkSince
        let share = Double(done) / Double(max(1, contacts[contact].talkLength))
        let left = Double(contacts[contact].left) * max(0.3, 1 - share)
        contacts[contact].left = Milliseconds(left)
    }
}

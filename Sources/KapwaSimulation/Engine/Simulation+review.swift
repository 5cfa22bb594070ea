import KapwaDomain

/// The rarer things that people do: hand over, transfer, postpone, acknowledge, tell how it was.
extension Simulation {
    private static let lead = Person(role: "supervisor", name: "lead")

    /// What the rarer events make people do.
    func reactFurther(to event: Event) {
        switch event.body {
        case .safetyRaised(let body):
            guard body.round == 1 else { return }
            let contact = Self.number(in: body.conversation.rawValue)
            let pause = 5_000 + Int64(world.contacts[contact].seed % 140_000)
            agenda.enter(.acknowledge(Int32(contact)), at: now + pause)
        case .affinitySet(let body):
            let contact = body.conversation.map { Self.number(in: $0.rawValue) }
            guard let customer = contact.map({ world.contacts[$0].customer }) else { return }
            apart[customer, default: []].insert(Self.number(in: body.agent.rawValue))
        case .handoverOffered(let body):
            let agent = Self.number(in: body.agent.rawValue)
            guard agents[agent].generator.isLucky(500) else { return }
            agenda.enter(
                .handOver(agent: Int32(agent), contact: Int32(Self.number(in: body.conversation.rawValue))),
                at: now + agents[agent].generator.seconds(5...120))
        default: break
        }
    }

    func acknowledge(_ contact: Int) {
        send(
            .safetyAcknowledge(SafetyAcknowledge(conversation: Self.conversationID(contact))), by: Self.lead)
    }

    func handOver(_ agent: Int, _ contact: Int) {
        guard contacts[contact].phase == .talking, contacts[contact].agent == Int32(agent), agents[agent].isConnected
        else { return }
        send(
            .conversationTransfer(
                ConversationTransfer(conversation: Self.conversationID(contact), reason: "a break is due")))
    }

    /// One in fifty contacts was meant for somebody else; whoever has it next keeps it.
    func mayBeForSomebodyElse(_ contact: Int) {
        guard world.settings.agentsAreHuman, (world.contacts[contact].seed >> 20) % 50 == 0,
            !contacts[contact].wasTransferred
        else { return }
        agenda.enter(
            .transfer(Int32(contact), generation: contacts[contact].generation),
            at: now + contacts[contact].talkLength / 4)
    }

    func transfer(_ contact: Int) {
        let agent = Int(contacts[contact].agent)
        guard contacts[contact].phase == .talking, agent >= 0, agents[agent].isConnected, !agents[agent].isOnBreak
        else { return }
        contacts[contact].wasTransferred = true
        send(
            .conversationTransfer(
                ConversationTransfer(conversation: Self.conversationID(contact), reason: "for somebody else")))
    }

    /// One in twenty would rather go a little later.
    func mayPostpone(_ body: BreakChanged, _ agent: Int) {
        guard world.settings.agentsAreHuman, !body.immediate, body.enforced, agents[agent].generator.isLucky(50) else {
            return
        }
        agenda.enter(.postpone(agent: Int32(agent)), at: now + agents[agent].generator.seconds(5...60))
    }

    func postpone(_ agent: Int) {
        guard agents[agent].isOnDuty, agents[agent].isConnected, !agents[agent].isOnBreak else { return }
        send(.breakPostpone(BreakPostpone(agent: world.agents[agent].id, minutes: 5)))
    }

    /// One in ten says afterwards how it was.
    func mayComment(_ contact: Int) {
        guard (world.contacts[contact].seed >> 30) % 10 == 0 else { return }
        agenda.enter(.comment(Int32(contact)), at: now + 30_000 + Int64(world.contacts[contact].seed % 600_000))
    }

    func comment(_ contact: Int) {
        guard contacts[contact].phase == .over else { return }
        let csat = world.contacts[contact].mood.endsWell ? 4 + Int(world.contacts[contact].seed % 2) : 2
        send(.feedbackRecord(FeedbackRecord(conversation: Self.conversationID(contact), csat: csat)))
    }
}

import KapwaDomain

/// Agents come, work, tire, rest, leave: as people do.
extension Simulation {
    private static let leaseSeconds = 300

    func beginDuty(_ agent: Int, _ place: Int) {
        let plan = world.agents[agent]
        let duty = plan.duties[place]
        agents[agent].isOnDuty = true
        agents[agent].isConnected = true
        agents[agent].duty = Int32(place)
        agents[agent].hadMeal = now - duty.from > .hours(5)
        record.beginsDuty(agent, at: now)
        send(
            .agentShift(
                AgentShift(agent: plan.id, startsAt: duty.from, endsAt: duty.to, mealAt: duty.mealAt, zone: nil)))
        become(.ready, agent)
        let id = Int32(agent)
        agenda.enter(.endDuty(agent: id, duty: Int32(place)), at: duty.to)
        agents[agent].generation += 1
        enterRenewal(agent)
        agenda.enter(.mealIfNone(agent: id, generation: agents[agent].generation), at: duty.mealAt + .minutes(45))
        if let drop = duty.dropsOff, drop.at > now { agenda.enter(.dropOff(agent: id), at: drop.at) }
        for pause in duty.privateBreaks where pause > now { agenda.enter(.privateBreak(agent: id), at: pause) }
    }

    /// What the agent's desk says of itself.
    private func become(_ presence: Presence, _ agent: Int, reason: String? = nil) {
        send(
            .agentState(
                AgentState(
                    agent: world.agents[agent].id, state: presence, reason: reason,
                    leaseSeconds: presence == .offline ? nil : Self.leaseSeconds)))
    }

    private func enterRenewal(_ agent: Int) {
        agenda.enter(
            .renewLease(agent: Int32(agent), generation: agents[agent].generation),
            at: now + 100_000 + Int64(agent % 40) * 1_000)
    }

    func renewLease(_ agent: Int, _ generation: Int32) {
        guard agents[agent].generation == generation, agents[agent].isOnDuty else { return }
        if agents[agent].isConnected, agents[agent].presence != .offline { become(agents[agent].presence, agent) }
        enterRenewal(agent)
    }

    // MARK: Presence

    func sayReady(_ agent: Int, _ generation: Int32) {
        guard agents[agent].isOnDuty, agents[agent].isConnected, !agents[agent].isOnBreak,
            agents[agent].presence != .ready, agents[agent].generation == generation, isWithinDuty(agent)
        else { return }
        become(.ready, agent)
    }

    func isWithinDuty(_ agent: Int) -> Bool {
        let place = Int(agents[agent].duty)
        return place >= 0 && now < world.agents[agent].duties[place].to
    }

    /// Some hurry back, some do not.
    func returnToDesk(_ agent: Int) {
        let after =
            agents[agent].generator.isLucky(900)
            ? agents[agent].generator.seconds(3...45) : agents[agent].generator.seconds(60...300)
        agenda.enter(.sayReady(agent: Int32(agent), generation: agents[agent].generation), at: now + after)
    }

    func dropOff(_ agent: Int) {
        guard agents[agent].isOnDuty, agents[agent].isConnected else { return }
        agents[agent].isConnected = false
        let drop = world.agents[agent].duties[Int(agents[agent].duty)].dropsOff?.for ?? .minutes(2)
        agenda.enter(.reconnect(agent: Int32(agent)), at: now + drop)
    }

    func reconnect(_ agent: Int) {
        agents[agent].isConnected = true
        guard agents[agent].isOnDuty else { return leave(agent) }
        guard !agents[agent].isOnBreak else { return }
        if isWithinDuty(agent) { become(.ready, agent) }
    }

    func endDuty(_ agent: Int, _ place: Int) {
        guard agents[agent].duty == Int32(place), agents[agent].isOnDuty else { return }
        if agents[agent].contacts.isEmpty { return leave(agent) }
        become(.away, agent, reason: "end of shift")
        agenda.enter(.leave(agent: Int32(agent)), at: now + .minutes(1))
    }

    /// Home, once nobody is left in the middle of a sentence; half an hour later in any case.
    func leave(_ agent: Int) {
        guard agents[agent].isOnDuty else { return }
        let end = world.agents[agent].duties[Int(agents[agent].duty)].to
        if !agents[agent].contacts.isEmpty, now < end + .minutes(30) {
            agenda.enter(.leave(agent: Int32(agent)), at: now + .minutes(1))
            return
        }
        agents[agent].isOnDuty = false
        agents[agent].generation += 1
        record.endsDuty(agent, at: now)
        become(.offline, agent, reason: "end of shift")
    }

    // MARK: Offers

    func consider(_ offer: OfferMade) {
        let contact = Self.number(in: offer.conversation.rawValue)
        let agent = Self.number(in: offer.agent.rawValue)
        let number = Int64(Self.number(in: offer.offer.rawValue))
        contacts[contact].offer = number
        contacts[contact].offeredTo = Int32(agent)
        guard agents[agent].isConnected, !isDeaf(agent) else { return }
        let think: Milliseconds
        switch world.contacts[contact].errand.channel.family {
        case .voice: think = agents[agent].generator.seconds(1...6)
        case .email: think = agents[agent].generator.seconds(4...40)
        default: think = agents[agent].generator.seconds(2...9)
        }
        agenda.enter(.answer(contact: Int32(contact), offer: number), at: now + think)
    }

    func answer(_ contact: Int, _ offer: Int64) {
        let agent = Int(contacts[contact].offeredTo)
        guard contacts[contact].offer == offer, agent >= 0 else { return }
        let plan = world.agents[agent]
        let answer = OfferAnswer(offer: OfferID("o\(offer)"), agent: plan.id)
        let draw = agents[agent].generator.pick(0..<1_000)
        guard draw >= plan.ignores else { return }
        if draw < plan.ignores + plan.declines {
            send(.offerDecline(OfferAnswer(offer: answer.offer, agent: plan.id, reason: "not now")))
            return
        }
        send(.offerAccept(answer))
        if isDoubleAccepting() {
            send(.offerAccept(answer))
            let other = world.agents[(agent + 1) % world.agents.count].id
            send(.offerAccept(OfferAnswer(offer: answer.offer, agent: other)))
        }
    }

    func finishWrapup(_ agent: Int, _ contact: Int) {
        guard agents[agent].isConnected else { return }
        send(
            .wrapupDone(WrapupDone(agent: world.agents[agent].id, conversation: Self.conversationID(contact))))
    }

    // MARK: What tires, and what rests

    /// A contact is over: it has cost something, and some say so.
    func afterContact(_ agent: Int, _ contact: Int) {
        agents[agent].rest(until: now)
        let wasHard = contacts[contact].isCounted
        agents[agent].tire(by: wasHard ? 0.07 : 0.008)
        record.tiredness(of: agent, agents[agent].fatigue)
        if wasHard, agents[agent].generator.isLucky(world.agents[agent].reports) {
            agenda.enter(
                .report(agent: Int32(agent), contact: Int32(contact)), at: now + agents[agent].generator.seconds(2...40)
            )
        }
    }

    func report(_ agent: Int, _ contact: Int) {
        guard agents[agent].isOnDuty, agents[agent].isConnected else { return }
        send(
            .stressReport(
                StressReport(agent: world.agents[agent].id, conversation: Self.conversationID(contact))))
    }

    func takePrivateBreak(_ agent: Int) {
        guard agents[agent].isOnDuty, agents[agent].isConnected, !agents[agent].isOnBreak else { return }
        send(.breakStart(BreakStart(agent: world.agents[agent].id, kind: .private, minutes: 5)))
    }

    /// Where nobody plans the meal, people take it.
    func eatIfNotYet(_ agent: Int, _ generation: Int32) {
        guard agents[agent].isOnDuty, agents[agent].isConnected, !agents[agent].hadMeal,
            agents[agent].generation == generation
        else { return }
        guard !agents[agent].isOnBreak else {
            agenda.enter(.mealIfNone(agent: Int32(agent), generation: generation), at: now + .minutes(10))
            return
        }
        send(.breakStart(BreakStart(agent: world.agents[agent].id, kind: .meal, minutes: 60)))
    }

    func takeInvitation(_ agent: Int) {
        guard agents[agent].isOnDuty, agents[agent].isConnected, !agents[agent].isOnBreak,
            now <= agents[agent].invitedUntil
        else { return }
        send(.breakStart(BreakStart(agent: world.agents[agent].id, kind: .stress)))
    }
}

"""Named wrong lines of the router. `old` must stand exactly once in `file`; FAULT in `new` is true when it is on."""


def canary(name, file, old, new):
    return {"name": name, "file": file, "old": old, "new": new}


CANARIES = [
    canary(
        "a break that is owed keeps nobody from work",
        "Matching/RoutingState+filing.swift",
        "if agents[slot].owesBreak { return .breakOwed }",
        "if agents[slot].owesBreak && !FAULT { return .breakOwed }",
    ),
    canary(
        "a break that runs keeps nobody from work",
        "Matching/RoutingState+filing.swift",
        "if agents[slot].isOnBreak { return .onBreak }",
        "if agents[slot].isOnBreak && !FAULT { return .onBreak }",
    ),
    canary(
        "open offers stand when a break becomes owed",
        "Router+breaks.swift",
        'for offer in state.agents[agent].offers { withdraw(offer, reason: .word("break_owed"), at: now) }',
        'for offer in state.agents[agent].offers where !FAULT {\n'
        '            withdraw(offer, reason: .word("break_owed"), at: now)\n        }',
    ),
    canary(
        "a break starts while somebody is talking",
        "Router+breaks.swift",
        "guard state.agents[slot].currentBreak == owed, !hasLiveContact(slot, at: now),",
        "guard state.agents[slot].currentBreak == owed, FAULT || !hasLiveContact(slot, at: now),",
    ),
    canary(
        "a break that follows a threat may be cut by somebody else",
        "Router+breakCommands.swift",
        "if by != nil && current.immediate {",
        "if by != nil && current.immediate && !FAULT {",
    ),
    canary(
        "what is owed behind a running break is late before that is over",
        "RoutingState+breaks.swift",
        "where agents[slot].nextBreaks[index].startBy < endsAt {",
        "where agents[slot].nextBreaks[index].startBy < endsAt && !FAULT {",
    ),
    canary(
        "an offer is not counted in the load",
        "RoutingState+offers.swift",
        "agents[agent].load += body.units",
        "agents[agent].load += FAULT ? 0 : body.units",
    ),
    canary(
        "after-contact work is not counted in the load",
        "RoutingState+agents.swift",
        "        agents[slot].load += body.units\n    }\n\n    mutating func applyWrapupEnded",
        "        agents[slot].load += FAULT ? 0 : body.units\n    }\n\n    mutating func applyWrapupEnded",
    ),
    canary(
        "a returning agent is first in line",
        "RoutingState+breaks.swift",
        "if wasRunning { agents[slot].idleSince = event.at }",
        "if wasRunning && !FAULT { agents[slot].idleSince = event.at }",
    ),
    canary(
        "a returning agent gets a full load at once",
        "Router+agents.swift",
        "$0.landingUntil = presence == .ready ? landingAfterReturn(slot, at: now) : nil",
        "$0.landingUntil = presence == .ready && !FAULT ? landingAfterReturn(slot, at: now) : nil",
    ),
    canary(
        "landing halves nothing",
        "Records.swift",
        "let admitted = isLanding(at: now) ? capacity / 2 : capacity",
        "let admitted = isLanding(at: now) && !FAULT ? capacity / 2 : capacity",
    ),
    canary(
        "who went away keeps open offers",
        "Router+agents.swift",
        '        for offer in state.agents[slot].offers {\n'
        '            withdraw(offer, reason: .word(presence == .away ? "away" : "offline"), at: now)',
        '        for offer in state.agents[slot].offers where !FAULT {\n'
        '            withdraw(offer, reason: .word(presence == .away ? "away" : "offline"), at: now)',
    ),
    canary(
        "who went offline keeps the call",
        "Router+agents.swift",
        "where state.conversations[conversation].channel.family == .voice {\n"
        '            requeue(conversation, reason: .word("agent_lost"), at: now)',
        "where state.conversations[conversation].channel.family == .voice && !FAULT {\n"
        '            requeue(conversation, reason: .word("agent_lost"), at: now)',
    ),
    canary(
        "a decline bars nobody",
        "Router+offers.swift",
        "ended(offer, reason: body.reason.map(Reason.free)) {\n"
        "                    $0.barredUntil = barUntil(offer, at: now)",
        "ended(offer, reason: body.reason.map(Reason.free)) {\n"
        "                    $0.barredUntil = FAULT ? nil : barUntil(offer, at: now)",
    ),
    canary(
        "a bar does not grow with every decline",
        "Router+offers.swift",
        "return now + rules.offers.hold[conversation.channel] * Int64(times)",
        "return now + rules.offers.hold[conversation.channel] * Int64(FAULT ? 1 : times)",
    ),
    canary(
        "a broken feed counts as silence of the agents",
        "Router+offers.swift",
        "let strike = !duringRestart && !brokenFeed",
        "let strike = !duringRestart && (FAULT || !brokenFeed)",
    ),
    canary(
        "offers that ran out while the daemon was down count as silence",
        "Router+offers.swift",
        "let duringRestart = offer.expiresAt <= state.startedAt",
        "let duringRestart = offer.expiresAt <= state.startedAt && !FAULT",
    ),
    canary(
        "three unanswered offers change nothing",
        "Router+offers.swift",
        "if strike && strikes >= rules.offers.strikes &&",
        "if !FAULT && strike && strikes >= rules.offers.strikes &&",
    ),
    canary(
        "an offer stands a second too long",
        "Router+offering.swift",
        "$0.expiresAt = now + offerTimeout(placement, state.conversations[slot].channel)",
        "$0.expiresAt = now + offerTimeout(placement, state.conversations[slot].channel) + (FAULT ? 1_000 : 0)",
    ),
    canary(
        "what was given away comes back at once",
        "Router+cost.swift",
        "if let from = ask.transferredFrom, from == state.agents[agent].id,",
        "if !FAULT, let from = ask.transferredFrom, from == state.agents[agent].id,",
    ),
    canary(
        "skills are not asked for",
        "Matching/MatchingIndex.swift",
        "where skills.firstUnmet(of: classes[number].needs) == nil { met.append(number) }",
        "where FAULT || skills.firstUnmet(of: classes[number].needs) == nil { met.append(number) }",
    ),
    canary(
        "a customer meets the agent whom they threatened",
        "Router+cost.swift",
        "if !ask.averse.isEmpty && ask.averse.contains(state.agents[agent].id) { return .negativeAffinity }",
        "if !FAULT && ask.averse.contains(state.agents[agent].id) { return .negativeAffinity }",
    ),
    canary(
        "an agent who is kept free is asked for something else",
        "Router+cost.swift",
        "if isReservedForOther(ask, agent, at: now) { return .reserved }",
        "if !FAULT && isReservedForOther(ask, agent, at: now) { return .reserved }",
    ),
    canary(
        "nobody waits for an agent who is not burdened",
        "Matching/MatchingRow.swift",
        "func isOpen(_ candidate: Candidate) -> Bool { candidate.tier <= 1 || ask.isHoldOver }",
        "func isOpen(_ candidate: Candidate) -> Bool { FAULT || candidate.tier <= 1 || ask.isHoldOver }",
    ),
    canary(
        "three hard contacts in a row are nothing special",
        "Router+cost.swift",
        "if ask.isHard && hasHardStreak(agent) { tier += 4 }",
        "if ask.isHard && hasHardStreak(agent) && !FAULT { tier += 4 }",
    ),
    canary(
        "a conversation loses its age whenever it is filed",
        "Router+queueing.swift",
        "let due = queue.open(placement.targetMilliseconds, after: conversation.since)",
        "let due = queue.open(placement.targetMilliseconds, after: FAULT ? lastNow : conversation.since)",
    ),
    canary(
        "shouting buys minutes",
        "Router+queueing.swift",
        "        if conversation.safety == .possible { tags.urgency = max(tags.urgency, .strong) }",
        "        if FAULT { tags.urgency = max(tags.urgency, tags.frustration) }\n"
        "        if conversation.safety == .possible { tags.urgency = max(tags.urgency, .strong) }",
    ),
    canary(
        "danger waits like everybody else",
        "Router+queueing.swift",
        "if conversation.safety == .explicit {\n            placement.safety = true",
        "if conversation.safety == .explicit && !FAULT {\n            placement.safety = true",
    ),
    canary(
        "danger is told again after somebody looks after it",
        "Router+safety.swift",
        "guard !conversation.isSafetyAcknowledged, let level",
        "guard FAULT || !conversation.isSafetyAcknowledged, let level",
    ),
    canary(
        "stress does not fade on a break",
        "StressLedger.swift",
        "case .onBreak: .minutes(5)",
        "case .onBreak: .minutes(FAULT ? 90 : 5)",
    ),
    canary(
        "strain counts from 500 on",
        "Formulas.swift",
        "let strain = min(1_200, 4 * max(0, peak.milli - 600))",
        "let strain = min(1_200, 4 * max(0, peak.milli - (FAULT ? 500 : 600)))",
    ),
    canary(
        "a ledger over the threshold owes nothing",
        "Router+stress.swift",
        "guard state.agents[agent].ledger.value(at: now) > policy(agent).threshold else {",
        "guard state.agents[agent].ledger.value(at: now) > policy(agent).threshold + (FAULT ? 100_000 : 0) else {",
    ),
    canary(
        "silent chats give all their units back",
        "RoutingState+silence.swift",
        "var left = Self.freedBySilenceMax",
        "var left = FAULT ? 1_000 : Self.freedBySilenceMax",
    ),
    canary(
        "a queue takes one more than its most",
        "Router+queueing.swift",
        "guard waiting >= queue.maxLength else { return }",
        "guard waiting >= queue.maxLength + (FAULT ? 1 : 0) else { return }",
    ),
]

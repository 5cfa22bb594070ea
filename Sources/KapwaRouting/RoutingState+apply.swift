public import KapwaDomain

extension RoutingState {
    /// Takes an event into the state. Events come in order of sequence, without gaps, each exactly once.
    public mutating func apply(_ event: Event) {
        _ = noteTopic(of: event.body)
        take(event)
    }

    /// Takes in an event whose topic is noted.
    mutating func take(_ event: Event) {
        precondition(event.tenant == tenant, "an event belongs to this tenant")
        precondition(event.sequence == sequence + 1, "events come without gaps")
        precondition(event.at >= lastEventAt, "events do not go back in time")
        sequence = event.sequence
        lastEventAt = event.at
        let freshBefore = freshAgents.count
        applyBody(event)
        reindexTouched(freshBefore: freshBefore)
        // In a replay nobody matches in between.
        if freshAgents.count + freshConversations.count > Self.freshMax { forgetFresh() }
    }

    /// Far beyond what one batch can bring about; a replay reaches it, and everything is looked at afterwards.
    private static let freshMax = 4_000_000

    private mutating func forgetFresh() {
        freshAgents = agentOrder
        freshConversations = queuedSlots
    }

    private mutating func applyBody(_ event: Event) {
        switch event.body {
        case .agentUpdated(let body): applyAgentUpdated(body, event)
        case .agentStateChanged(let body): applyAgentStateChanged(body, event)
        case .agentShiftChanged(let body): applyShiftChanged(body, event)
        case .agentReserved(let body): applyReserved(body)
        case .agentRemoved(let body): applyAgentRemoved(body)
        case .agentStressed(let body): applyAgentStressed(body, event)
        case .conversationOpened(let body): applyOpened(body, event)
        case .conversationMessaged(let body): applyMessaged(body, event)
        case .conversationTagged(let body): applyTagged(body, event)
        case .conversationQueued(let body), .conversationRequeued(let body): applyPlaced(body, event)
        case .conversationRelaxed(let body): applyPlaced(body, event)
        case .conversationHeld(let body): applyHeld(body, event)
        case .conversationParked(let body): applyParked(body)
        case .conversationResumed(let body): applyResumed(body)
        case .conversationUpdated(let body): applyUpdated(body)
        case .conversationRetagged(let body): applyRetagged(body)
        case .conversationUnroutable: break
        case .conversationAssigned(let body): applyAssigned(body, event)
        case .conversationClosed(let body): applyClosed(body, event)
        case .offerMade(let body): applyOfferMade(body, event)
        case .offerAdvised(let body): applyOfferAdvised(body)
        case .offerDeclined(let body): applyOfferEnded(body, "declined", event)
        case .offerExpired(let body): applyOfferEnded(body, "expired", event)
        case .offerWithdrawn(let body): applyOfferEnded(body, "withdrawn", event)
        case .handoverOffered(let body): applyHandoverOffered(body)
        case .wrapupStarted(let body): applyWrapupStarted(body, event)
        case .wrapupEnded(let body): applyWrapupEnded(body, event)
        case .breakInvited(let body): applyBreakInvited(body)
        case .breakOwed(let body): applyBreakOwed(body, event)
        case .breakPlanned(let body): applyBreakPlanned(body)
        case .breakPostponed(let body): applyBreakPostponed(body, event)
        case .breakStarted(let body): applyBreakStarted(body, event)
        case .breakEnded(let body): applyBreakEnded(body, event)
        case .breakOverdue(let body): applyBreakOverdue(body)
        case .breakFloorBroken, .talkSuggested: break
        case .safetyRaised(let body): applySafetyRaised(body)
        case .safetyAcknowledged(let body): applySafetyAcknowledged(body)
        case .affinitySet(let body): applyAffinitySet(body, event)
        case .affinityLifted(let body): applyAffinityLifted(body)
        case .feedbackRecorded(let body): applyFeedback(body, event)
        case .followupOwed(let body): applyFollowupOwed(body, event)
        case .followupDone(let body): removeFollowup(body.conversation)
        case .incidentDeclared(let body): applyIncidentDeclared(body, event)
        case .incidentEnded(let body): applyIncidentEnded(body)
        case .rulesChanged(let body): applyRulesChanged(body)
        case .modeChanged(let body): applyModeChanged(body)
        case .deliverySuspect: deliverySuspectAt = event.at
        case .clockGap: break
        case .daemonStarted: applyDaemonStarted(event)
        }
    }

    private mutating func applyRulesChanged(_ body: RulesChanged) {
        rulesVersion = body.version
        rulesHash = body.hash
        lexiconHash = body.lexicon
    }

    /// Open offers get at least 5 s and leases at least 60 s after a start: nobody could answer while it was away.
    private mutating func applyDaemonStarted(_ event: Event) {
        startedAt = event.at
        for slot in agentOrder {
            for id in agents[slot].offers {
                guard let offer = offers[id], offer.expiresAt > event.at, offer.expiresAt < event.at + .seconds(5)
                else { continue }
                timers.cancel(offer.timer)
                offers[id]?.expiresAt = event.at + .seconds(5)
                offers[id]?.timer = timers.set(.offer(id), due: event.at + .seconds(5))
            }
            if agents[slot].isLeased {
                renewLease(
                    slot, until: max(agents[slot].leaseUntil ?? event.at, event.at + .seconds(60)))
            }
        }
    }

    /// A lease is renewed without an event, so it is no part of the digest.
    mutating func renewLease(_ slot: Int, until: Instant) {
        if let timer = agents[slot].leaseTimer { timers.cancel(timer) }
        agents[slot].leaseUntil = until
        agents[slot].leaseTimer = timers.set(.lease(agents[slot].id), due: until)
    }
}

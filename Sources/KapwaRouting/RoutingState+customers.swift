import DequeModule
import KapwaDomain

extension RoutingState {
    /// How long an episode that went badly counts.
    static let badFor: Milliseconds = .days(90)
    /// How long the agent who ended it well is remembered.
    static let goodFor: Milliseconds = .days(30)

    mutating func rememberCustomer(
        _ customer: CustomerID, _ record: ConversationRecord, _ body: ConversationClosed, at now: Instant
    ) {
        let relieved = record.relief.last || record.relief.before
        let isBad = body.outcome == .abandoned || (record.polarity < .zero && !relieved)
        let isGood = body.outcome == .resolved && relieved && record.polarity >= .zero
        remember(customer)
        customers[customer]?.lastClosedAt = now
        if isGood, let agent = body.agent { noteGood(customer, agent, record.id, at: now) }
        if isBad { noteBad(customer, record.id, record.episode, at: now) }
    }

    private mutating func remember(_ customer: CustomerID) {
        guard customers[customer] == nil else { return }
        customers[customer] = CustomerRecord()
        customersInOrder.append(customer)
        if customersInOrder.count > Limits.closedConversationsMax { customers[customersInOrder.removeFirst()] = nil }
    }

    private mutating func noteGood(
        _ customer: CustomerID, _ agent: AgentID, _ conversation: ConversationID, at now: Instant
    ) {
        customers[customer]?.goodAgent = agent
        customers[customer]?.goodUntil = now + Self.goodFor
        customers[customer]?.goodConversation = conversation
    }

    private mutating func noteBad(
        _ customer: CustomerID, _ conversation: ConversationID, _ episode: Int, at now: Instant
    ) {
        var bad = customers[customer]?.badEpisodes ?? []
        guard !bad.contains(where: { $0.conversation == conversation && $0.episode == episode }) else { return }
        bad.removeAll { $0.at <= now - Self.badFor }
        bad.append(CustomerRecord.BadEpisode(conversation: conversation, episode: episode, at: now))
        if bad.count > Limits.badEpisodesRememberedMax { bad.removeFirst() }
        customers[customer]?.badEpisodes = bad
    }

    /// Who is back within a minute of giving up goes on with the same wait: it did not end badly.
    mutating func takeBackBadEpisode(_ conversation: ConversationID, _ before: ClosedRecord) {
        guard let customer = before.customer else { return }
        customers[customer]?.badEpisodes.removeAll {
            $0.conversation == conversation && $0.episode == before.episode
        }
    }

    /// How many episodes of the last 90 days went badly for a customer.
    func badEpisodes(of customer: CustomerID?, at now: Instant) -> Int {
        customer.flatMap { customers[$0] }?.badEpisodes.count { $0.at > now - Self.badFor } ?? 0
    }

    // MARK: Feedback

    /// What the customer says counts more than what the words had seemed to say.
    mutating func applyFeedback(_ body: FeedbackRecorded, _ event: Event) {
        guard let customer = customer(of: body.conversation), let csat = body.csat else { return }
        remember(customer)
        if csat >= Self.goodCSAT, let agent = body.agent { noteGood(customer, agent, body.conversation, at: event.at) }
        guard csat <= Self.badCSAT else { return }
        noteBad(customer, body.conversation, body.episode, at: event.at)
        if customers[customer]?.goodConversation == body.conversation {
            customers[customer]?.goodAgent = nil
            customers[customer]?.goodConversation = nil
        }
    }

    /// From here on the customer was content.
    private static let goodCSAT = 4
    /// Up to here the customer was not.
    private static let badCSAT = 2

    // MARK: Follow-ups

    /// Somebody has to come back to the customer of a conversation.
    struct Followup: Hashable, Sendable {
        var episode: Int
        var reason: String
        var agent: AgentID?
        var owedAt: Instant
        var serial: Int64
    }

    mutating func applyFollowupOwed(_ body: FollowupOwed, _ event: Event) {
        removeFollowup(body.conversation)
        while followups.count >= Limits.followupsMax, let oldest = followupsInOrder.popFirst() {
            if let id = followupSerials[oldest] { removeFollowup(id) }
        }
        followups[body.conversation] = Followup(
            episode: body.episode, reason: body.reason?.text ?? "", agent: body.agent, owedAt: event.at,
            serial: event.sequence)
        followupSerials[event.sequence] = body.conversation
        followupsInOrder.append(event.sequence)
    }

    mutating func removeFollowup(_ id: ConversationID) {
        guard let followup = followups.removeValue(forKey: id) else { return }
        followupSerials[followup.serial] = nil
        if followupsInOrder.count > 2 * Limits.followupsMax {
            followupsInOrder.removeAll { followupSerials[$0] == nil }
        }
    }
}
